import type { KpiSourceDefinition } from '@myriad/contracts';
import { Unreadable } from '../kpi/check-event.ts';
import type { SourceRow } from './read-rows.ts';
import { parseTime } from './watermark.ts';

/** What `checkEvent` reads, of a row. The source's name stands before the row's id, since ids of two tables may be alike. */
export function rowToEvent(row: SourceRow, { name, mapping }: Pick<KpiSourceDefinition, 'name' | 'mapping'>): unknown {
  const id = row[mapping.id];
  if (id === null || id === undefined || id === '')
    return new Unreadable('invalid_id', `The column ${mapping.id} is empty; every row needs an id that stays.`);
  const kpi = 'name' in mapping.kpi ? mapping.kpi.name : row[mapping.kpi.column];
  const unit = row[mapping.unit];
  return {
    id: `${name}:${id}`,
    kpi,
    unit: unit === null || unit === undefined ? unit : String(unit),
    value: numberOf(row[mapping.value]),
    time: timeOf(row[mapping.time], mapping.timeUnit),
  };
}

function numberOf(value: string | number | null | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (value === 't' || value === 'true') return 1;
  if (value === 'f' || value === 'false') return 0;
  return value.trim() === '' ? null : Number(value);
}

function timeOf(value: string | number | null | undefined, unit: 'ms' | 's'): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(value)) return Number(value) * (unit === 's' ? 1_000 : 1);
  return parseTime(value) ?? value;
}
