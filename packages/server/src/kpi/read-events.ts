import type { IncomingHttpHeaders } from 'node:http';
import { MyriadError } from '@myriad/contracts';
import { parseJson } from '../http/read-body.ts';
import { Unreadable } from './check-event.ts';
import { fromBinaryCloudEvent, fromCloudEvent, isBinaryCloudEvent } from './cloud-events.ts';

/** What a body holds, each to be checked by `checkEvent`; `single` is one event that stands or falls alone. */
export interface ReadEvents {
  readonly values: readonly unknown[];
  readonly single: boolean;
}

/**
 * Reads a body by its type: JSON array or object, NDJSON, CloudEvents structured, batched and binary. Lines that are not
 * JSON are rejected one by one, so that good ones are not lost with them.
 *
 * @throws MyriadError `malformed_json`; `unsupported_media_type` for a CloudEvents format other than JSON.
 */
export function readEvents(headers: IncomingHttpHeaders, body: Buffer): ReadEvents {
  const type = (headers['content-type'] ?? 'application/json').toLowerCase();
  if (/^application\/cloudevents-batch\b/.test(type)) {
    if (!/^application\/cloudevents-batch\+json\b/.test(type)) throw unsupported(type);
    const value = parseJson(body);
    if (!Array.isArray(value)) throw new MyriadError('invalid_request', 'Expected a list of CloudEvents.');
    return { values: value.map(fromCloudEvent), single: false };
  }
  if (/^application\/cloudevents\b/.test(type)) {
    if (!/^application\/cloudevents\+json\b/.test(type)) throw unsupported(type);
    return { values: [fromCloudEvent(parseJson(body))], single: true };
  }
  if (isBinaryCloudEvent(headers)) return { values: [fromBinaryCloudEvent(headers, parseJson(body))], single: true };
  if (/ndjson|jsonl|jsonlines/.test(type)) return { values: linesOf(body), single: false };
  const value = parseJson(body);
  return { values: Array.isArray(value) ? value : [value], single: false };
}

const unsupported = (type: string) =>
  new MyriadError('unsupported_media_type', `"${type}" is not read here; CloudEvents come as JSON.`);

function linesOf(body: Buffer): readonly unknown[] {
  return body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return new Unreadable('malformed_json', 'The line is not JSON; expected one event.');
      }
    });
}
