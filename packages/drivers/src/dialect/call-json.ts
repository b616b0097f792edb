import type { CallOptions, MyriadError } from '@myriad/contracts';
import type { Http } from '../http/http.ts';
import { parseJson, readBody } from '../http/read-body.ts';
import { asRecord, type JsonRecord } from './json-value.ts';

/** One JSON call beside chat: GET without a body, POST with one. @throws MyriadError as the dialect names refusals. */
export async function callJson(
  http: Http,
  wanted: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly options: CallOptions;
    readonly refusals: {
      byStatus(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError;
      inside(json: JsonRecord): MyriadError | null;
    };
  },
): Promise<unknown> {
  const answer = await http.call({
    method: wanted.body === undefined ? 'GET' : 'POST',
    url: wanted.url,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br, zstd',
      ...(wanted.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...wanted.headers,
    },
    ...(wanted.body === undefined ? {} : { body: wanted.body }),
    options: wanted.options,
    awaitsToken: false,
  });
  const text = await readBody(answer.body);
  if (answer.status < 200 || answer.status >= 300) throw wanted.refusals.byStatus(answer.status, answer.headers, text);
  const json = parseJson(text);
  const body = asRecord(json);
  const failure = body ? wanted.refusals.inside(body) : null;
  if (failure) throw failure;
  return json;
}
