/** Images and speech: the body as it came, with the model's name put in; the answer as it comes. */
import { Readable } from 'node:stream';
import type { CallOptions, MediaRequest, ModelEndpoint, MyriadError, RelayResponse } from '@myriad/contracts';
import { passedHeaders } from '../dialect/relay-call.ts';
import type { Http } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';

const longestErrorBytes = 1 << 20;

export async function passMedia(
  http: Http,
  url: string,
  headers: Readonly<Record<string, string>>,
  endpoint: ModelEndpoint,
  request: MediaRequest,
  options: CallOptions,
  refusals: { byStatus(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError },
): Promise<Omit<RelayResponse, 'status'>> {
  const body = request.body(endpoint.upstreamModel);
  const answer = await http.call({
    method: 'POST',
    url,
    headers: {
      ...headers,
      'content-type': body.contentType,
      'content-length': String(body.sizeBytes),
      'accept-encoding': 'identity',
    },
    body: () => {
      const opened = body.open();
      return opened instanceof Uint8Array ? Readable.from([opened]) : Readable.from(opened);
    },
    options,
    awaitsToken: false,
  });
  if (answer.status < 200 || answer.status >= 300)
    throw refusals.byStatus(answer.status, answer.headers, await readBody(answer.body, longestErrorBytes));
  return { headers: passedHeaders(answer.headers), body: answer.body };
}
