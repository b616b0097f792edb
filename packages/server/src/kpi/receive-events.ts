/** `POST /v1/kpi/events`: a JSON array, one object, or NDJSON; durable and idempotent by id before it is answered. */
import { type KpiEvent, type KpiEventsAnswer, MyriadError } from '@myriad/contracts';
import { type House, tenant } from '../house.ts';
import { sendJson } from '../http/problem.ts';
import { parseJson, readBody } from '../http/read-body.ts';
import { allow, authenticate, type Exchange } from '../v1/exchange.ts';

const maxEvents = 50_000;
/** A clock may be a day ahead of ours; a KPI event is a fact, and facts are not older than 1990. */
const earliest = Date.UTC(1990, 0, 1);
const aheadMs = 86_400_000;

type Rejection = KpiEventsAnswer['rejected'][number];

export async function receiveKpiEvents(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'kpi.write', { type: 'house' });
  const body = await readBody(exchange.request, house.config.limits.bodyBytes);
  const type = exchange.request.headers['content-type'] ?? 'application/json';
  const lines = splitEvents(body, /ndjson|jsonl|jsonlines/.test(type));
  if (lines.length > maxEvents)
    throw new MyriadError('body_too_large', `At most ${maxEvents} events in one request; got ${lines.length}.`, {
      facts: { maxEvents },
    });
  const now = house.clock.now();
  const rejected: Rejection[] = [];
  const events: KpiEvent[] = [];
  lines.forEach((line, index) => {
    const checked = checkEvent(line, now);
    if ('code' in checked) rejected.push({ index, ...checked });
    else events.push(checked);
  });
  const source = subject.kind === 'key' ? subject.key.id : subject.kind === 'person' ? subject.person.id : subject.kind;
  const seen = new Set<string>();
  const fresh = events.filter((event) => !seen.has(event.id) && seen.add(event.id));
  const { duplicates } =
    fresh.length > 0
      ? await house.store.kpi.append(fresh.map((event) => ({ ...event, receivedAt: now, source, tenant })))
      : { duplicates: [] };
  const answer: KpiEventsAnswer = {
    accepted: fresh.length - duplicates.length,
    duplicates: duplicates.length + events.length - fresh.length,
    rejected,
  };
  sendJson(exchange.response, 200, answer, { 'x-request-id': exchange.requestId });
}

/** Lines that are not JSON are kept as they are and rejected one by one, so that good ones are not lost with them. */
function splitEvents(body: Buffer, ndjson: boolean): readonly unknown[] {
  if (!ndjson) {
    const value = parseJson(body);
    return Array.isArray(value) ? value : [value];
  }
  return body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return new SyntaxError(line.slice(0, 80));
      }
    });
}

/** The event, or why it is refused. */
export function checkEvent(value: unknown, now: number): KpiEvent | { readonly code: string; readonly detail: string } {
  if (value instanceof SyntaxError) return { code: 'malformed_json', detail: `The line is not JSON: ${value.message}` };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'invalid_event', detail: 'Expected an object {id, kpi, unit, value, time}.' };
  const { id, kpi, unit, value: amount, time, ...rest } = value as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    return {
      code: 'unknown_field',
      detail: `"${unknown.slice(0, 64)}" is not a field of an event; expected id, kpi, unit, value, time.`,
    };
  if (typeof id !== 'string' || id === '' || id.length > 200)
    return {
      code: 'invalid_id',
      detail: 'id: expected a text of 1 to 200 characters, the same each time the event is sent.',
    };
  if (typeof kpi !== 'string' || !/^[a-z][a-z0-9_]{0,127}$/.test(kpi))
    return { code: 'invalid_kpi', detail: 'kpi: expected a name such as refund_cycle_hours.' };
  if (typeof unit !== 'string' || unit === '' || unit.length > 512)
    return { code: 'invalid_unit', detail: 'unit: expected a text of 1 to 512 characters.' };
  if (typeof amount !== 'number' || !Number.isFinite(amount))
    return { code: 'invalid_value', detail: 'value: expected a finite number.' };
  const at = typeof time === 'string' ? Date.parse(time) : time;
  if (typeof at !== 'number' || !Number.isFinite(at))
    return { code: 'invalid_time', detail: 'time: expected UTC milliseconds or an ISO 8601 time.' };
  if (at < earliest || at > now + aheadMs)
    return { code: 'time_out_of_range', detail: 'time: expected a moment between 1990 and one day from now.' };
  return { id, kpi, unit, value: amount, time: Math.trunc(at) };
}
