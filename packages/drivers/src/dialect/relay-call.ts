import type { CallOptions, RelayResponse } from '@myriad/contracts';
import type { Http } from '../http/http.ts';

/** Headers that belong to one hop, or that no longer hold once the body is decompressed (RFC 9110 §7.6.1). */
const notPassedOn = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'content-length',
  'set-cookie',
  'alt-svc',
]);

/**
 * Passes a body through as it is and the answer back as it comes, whatever its status. Only the transfer's own coding is
 * undone. The first byte of the body stops the first-token clock.
 */
export async function relayCall(
  http: Http,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  options: CallOptions,
): Promise<RelayResponse> {
  const answer = await http.call({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: options.stream ? 'text/event-stream, application/json' : 'application/json',
      'accept-encoding': 'identity',
      ...headers,
    },
    body,
    options,
    awaitsToken: options.stream,
  });
  return {
    status: answer.status,
    headers: passedHeaders(answer.headers),
    body: watchFirst(answer.body, answer.sawToken),
  };
}

/** Those headers of an answer that still hold for whoever it is handed on to. */
export function passedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !notPassedOn.has(name)));
}

async function* watchFirst(body: AsyncIterable<Uint8Array>, sawFirst: () => void): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of body) {
    if (first) sawFirst();
    first = false;
    yield chunk;
  }
}
