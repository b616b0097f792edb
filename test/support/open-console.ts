/** The console in a real browser, watched: what it logs, what it breaks, and whom it calls. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import type { Session } from './operator.ts';
import type { RunningNode } from './start-node.ts';

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, of the console and of the content security policy, in words; empty when all is well. */
  readonly faults: string[];
  /** Addresses outside the node that the page asked for. */
  readonly foreign: string[];
}

/** A browser, or null and a loud word where there is none; the tests of this file are then left out and the rest runs. */
export async function openBrowserOrSay(): Promise<Browser | null> {
  const browser = await openBrowser().catch((error: unknown) => {
    console.warn(String(error));
    return null;
  });
  if (!browser) {
    console.warn(
      '\n*** NO BROWSER HERE: the real-browser tests are SKIPPED. They run with npm ci on Linux x64, or with Chrome installed. ***\n',
    );
  }
  return browser;
}

/** A fresh browser profile, signed in when a session is given. English and wide unless said. */
export async function visit(
  browser: Browser,
  node: Pick<RunningNode, 'url'>,
  options: BrowserContextOptions & { readonly session?: Session } = {},
): Promise<Visit> {
  const { session, ...rest } = options;
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...rest,
  });
  if (session) await context.addCookies(cookiesOf(node.url, session.cookie));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (line) => {
    if (!/^(error|warning)$/.test(line.type()) || line.text().startsWith('Failed to load resource')) return;
    faults.push(`${line.type()}: ${line.text()}`);
  });
  context.on('response', (response) => {
    if (response.status() < 400) return;
    faults.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== node.url) foreign.push(request.url());
  });
  return { context, page, faults, foreign };
}

function cookiesOf(url: string, header: string) {
  return header.split('; ').map((pair) => {
    const cut = pair.indexOf('=');
    return { name: pair.slice(0, cut), value: pair.slice(cut + 1), url };
  });
}

/** Drops files on the page as a hand would. */
export async function dropFiles(
  page: Page,
  files: readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[],
): Promise<void> {
  const sent = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }));
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    for (const kind of ['dragenter', 'dragover', 'drop']) {
      document
        .querySelector('main')
        ?.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }
  }, sent);
}
