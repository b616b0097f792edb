import { MyriadError, type ToolDefinition } from '@myriad/contracts';
import type { FetchPage } from '../guarded-fetch/fetch-page.ts';
import type { Tool } from './tool.ts';

const shownCharacters = 20_000;

const comparable = (address: string) => {
  const url = new URL(address);
  return `${url.host}${url.pathname.replace(/\/$/, '')}${url.search}`;
};

/** Whether a person wrote this address, with or without its scheme. */
export function wroteAddress(address: string, texts: readonly string[]): boolean {
  const wanted = comparable(address);
  for (const text of texts) {
    for (const [found] of text.matchAll(
      /(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[^\s<>"'，。；、（）]*)?/gi,
    )) {
      const candidate = found.replace(/[.,;:!?)\]]+$/, '');
      const whole = /^https?:/i.test(candidate) ? candidate : `https://${candidate}`;
      if (URL.canParse(whole) && comparable(whole) === wanted) return true;
    }
  }
  return false;
}

/** Made once: a schema is compiled once for as long as its object lives. */
const definition: ToolDefinition = {
  name: 'fetch_page',
  description: 'Opens a public web page and returns its readable text. Use it for addresses that the person gives.',
  parameters: {
    type: 'object',
    properties: { url: { type: 'string', description: 'Address, http or https.', maxLength: 2_000 } },
    required: ['url'],
    additionalProperties: false,
  },
};

/**
 * `fetch_page`: reads a public page. While documents of the house are in the run, only addresses that the person wrote
 * are opened, since an address made up by a model can carry those documents away.
 */
export function fetchPageTool(
  approval: Tool['approval'],
  fetchPage: FetchPage,
  context: { readonly userTexts: readonly string[]; readonly holdsPrivateData: () => boolean },
): Tool {
  return {
    approval,
    definition,
    async call({ url }, signal) {
      const address = String(url);
      if (!URL.canParse(address)) throw new MyriadError('invalid_request', 'This is not a web address.');
      if (approval === 'never' && context.holdsPrivateData() && !wroteAddress(address, context.userTexts)) {
        throw new MyriadError(
          'address_blocked',
          'Documents are in this conversation, so only an address that the person wrote can be opened. Ask for it.',
        );
      }
      const page = await fetchPage(address, signal);
      const cut = page.text.length > shownCharacters;
      const text = `${page.title}\n${page.url}\n\n${page.text.slice(0, shownCharacters)}${cut ? '\n… (cut)' : ''}`;
      return { text, isError: false, untrusted: true };
    },
  };
}
