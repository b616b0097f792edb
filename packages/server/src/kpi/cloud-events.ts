/**
 * CloudEvents 1.0 as KPI events. `id` and `source` together are the event's name, as the specification says; `time` is
 * its time; `subject` is the unit, and the last part of `type` the KPI, unless `data` names them itself.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Unreadable } from './check-event.ts';

const longestId = 200;

/** The name of a CloudEvent in the log: ids are unique within their source only. */
function nameOf(source: string, id: string): string {
  const name = `${source}#${id}`;
  return name.length <= longestId ? name : `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

/** What `checkEvent` reads, of an event in structured or batched form. */
export function fromCloudEvent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Unreadable('invalid_event', 'Expected a CloudEvent: an object with specversion, id, source and type.');
  const { specversion, id, source, type, subject, time, datacontenttype, data, data_base64 } = value as Record<
    string,
    unknown
  >;
  if (specversion !== '1.0')
    return new Unreadable('invalid_cloudevent', 'specversion: expected "1.0", the only version that is read here.');
  for (const [name, given] of Object.entries({ id, source, type }))
    if (typeof given !== 'string' || given === '')
      return new Unreadable('invalid_cloudevent', `${name}: expected a text; a CloudEvent has to have it.`);
  if (datacontenttype !== undefined && !/^application\/(json|[\w.-]+\+json)\b/i.test(String(datacontenttype)))
    return new Unreadable('invalid_cloudevent', 'datacontenttype: expected JSON.');
  const body = data_base64 === undefined ? data : decode(data_base64);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return new Unreadable('invalid_cloudevent', 'data: expected an object with value, or with corrects and value.');
  const { corrects, ...rest } = body as Record<string, unknown>;
  const name = nameOf(source as string, id as string);
  if (corrects !== undefined)
    return {
      ...rest,
      id: name,
      corrects: typeof corrects === 'string' ? nameOf(source as string, corrects) : corrects,
    };
  return {
    ...(subject === undefined ? {} : { unit: subject }),
    kpi: String(type).split('.').at(-1),
    time,
    ...rest,
    id: name,
  };
}

function decode(base64: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(String(base64), 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** True when the request is one event whose attributes are headers. */
export const isBinaryCloudEvent = (headers: IncomingHttpHeaders): boolean => headers['ce-specversion'] !== undefined;

/** The event of a request in binary mode: attributes from `ce-` headers, percent-encoded as the HTTP binding says. */
export function fromBinaryCloudEvent(headers: IncomingHttpHeaders, data: unknown): unknown {
  const attributes: Record<string, unknown> = { data };
  for (const name of ['specversion', 'id', 'source', 'type', 'subject', 'time']) {
    const given = headers[`ce-${name}`];
    if (typeof given !== 'string') continue;
    try {
      attributes[name] = decodeURIComponent(given);
    } catch {
      return new Unreadable('invalid_cloudevent', `ce-${name}: the header has a broken percent sign.`);
    }
  }
  return fromCloudEvent(attributes);
}
