import type { KpiCorrection, KpiEvent } from '@myriad/contracts';

/** A clock may be a day ahead of ours; a KPI event is a fact, and facts are not older than 1990. */
const earliest = Date.UTC(1990, 0, 1);
const aheadMs = 86_400_000;
const kpiName = /^[a-z][a-z0-9_]{0,127}$/;

/** Why an event is refused. `kpi` is the name it gave, when it gave one that can be a name. */
export interface Rejected {
  readonly code: string;
  readonly detail: string;
  readonly kpi?: string;
}

/** A line that could not be read at all. */
export class Unreadable {
  readonly rejected: Rejected;
  constructor(code: string, detail: string) {
    this.rejected = { code, detail };
  }
}

const fields = new Set(['id', 'kpi', 'unit', 'value', 'time', 'corrects']);

/**
 * The event, the correction (an object with `corrects`), or why it is refused.
 *
 * @param now Time of receipt; an event without a time of its own is refused, since a resend would date it anew.
 */
export function checkEvent(value: unknown, now: number): KpiEvent | KpiCorrection | Rejected {
  if (value instanceof Unreadable) return value.rejected;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'invalid_event', detail: 'Expected an object {id, kpi, unit, value, time}.' };
  const event = value as Record<string, unknown>;
  const { id, kpi, unit, value: amount, time, corrects } = event;
  const named = typeof kpi === 'string' && kpiName.test(kpi) ? kpi : undefined;
  const refuse = (code: string, detail: string): Rejected =>
    named === undefined ? { code, detail } : { code, detail, kpi: named };
  for (const field in event)
    if (!fields.has(field))
      return refuse(
        'unknown_field',
        `"${field.slice(0, 64)}" is not a field of an event; expected id, kpi, unit, value, time, or corrects.`,
      );
  if (typeof id !== 'string' || id === '' || id.length > 200)
    return refuse('invalid_id', 'id: expected a text of 1 to 200 characters, the same each time the event is sent.');
  if (corrects !== undefined) return checkCorrection(event, id, refuse);
  if (named === undefined) return refuse('invalid_kpi', 'kpi: expected a name such as refund_cycle_hours.');
  if (typeof unit !== 'string' || unit === '' || unit.length > 512)
    return refuse('invalid_unit', 'unit: expected a text of 1 to 512 characters.');
  if (typeof amount !== 'number' || !Number.isFinite(amount))
    return refuse('invalid_value', 'value: expected a finite number.');
  const at = typeof time === 'string' ? Date.parse(time) : time;
  if (typeof at !== 'number' || !Number.isFinite(at))
    return refuse('invalid_time', 'time: expected UTC milliseconds or an ISO 8601 time.');
  if (at < earliest || at > now + aheadMs)
    return refuse('time_out_of_range', 'time: expected a moment between 1990 and one day from now.');
  return { id, kpi: named, unit, value: amount, time: Math.trunc(at) };
}

function checkCorrection(
  event: Readonly<Record<string, unknown>>,
  id: string,
  refuse: (code: string, detail: string) => Rejected,
): KpiCorrection | Rejected {
  const { corrects, value, kpi, unit, time } = event;
  if (typeof corrects !== 'string' || corrects === '' || corrects.length > 200 || corrects === id)
    return refuse('invalid_correction', 'corrects: expected the id of another event.');
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse('invalid_value', 'value: expected the number that the event should have had; 0 takes it back.');
  if (kpi !== undefined || unit !== undefined || time !== undefined)
    return refuse(
      'invalid_correction',
      'A correction has id, corrects and value only; KPI, unit and time stay those of the event. To move an event, correct it to 0 and send another.',
    );
  return { id, corrects, value };
}
