import { createHash } from 'node:crypto';
import { MyriadError } from '@myriad/contracts';
import { createCsvParser } from '@myriad/lift';

export interface CsvEvents {
  /** Each to be checked by the node, which says what is wrong with a bad one. */
  readonly events: readonly unknown[];
  /** Line of the file on which each begins. */
  readonly lines: readonly number[];
}

/**
 * Events of a CSV file with a header. A file without an id column gets ids made of what stands in the row, and of how many
 * equal rows stood before it: so the same file sent again counts once, and two equal rows count twice.
 *
 * @throws MyriadError `invalid_request` naming the column that the header lacks.
 */
export function readCsvEvents(text: string, option: (name: string) => string | undefined): CsvEvents {
  let header: readonly string[] | null = null;
  const records: { readonly fields: readonly string[]; readonly line: number }[] = [];
  const parser = createCsvParser((fields, line) => {
    if (header === null) header = fields.map((name) => name.trim());
    else records.push({ fields, line });
  });
  parser.write(text);
  parser.end();
  const names: readonly string[] = header ?? [];
  const place = (what: string, required: boolean): number => {
    const named = option(`${what}Column`);
    const at = names.indexOf(named ?? what);
    if (at === -1 && (required || named !== undefined))
      throw new MyriadError(
        'invalid_request',
        `The file has no column "${named ?? what}"; it has ${names.join(', ') || 'none'}. Name it with --${what}-column.`,
      );
    return at;
  };
  const kpi = option('kpi');
  const kpiPlace = kpi === undefined ? place('kpi', true) : -1;
  const [unit, value, time, id] = [place('unit', true), place('value', true), place('time', true), place('id', false)];
  const equal = new Map<string, number>();
  const made = (parts: readonly string[]): string => {
    const row = JSON.stringify(parts);
    const before = equal.get(row) ?? 0;
    equal.set(row, before + 1);
    return `csv:${createHash('sha256').update(`${row} ${before}`).digest('hex').slice(0, 32)}`;
  };
  const events = records.map(({ fields }) => {
    const at = (index: number) => (fields[index] ?? '').trim();
    const name = kpi ?? at(kpiPlace);
    const amount = at(value);
    return {
      id: id === -1 ? made([name, at(unit), amount, at(time)]) : at(id),
      kpi: name,
      unit: at(unit),
      // A text that is no number stays one, so that the node refuses it by name; an empty cell is not 0.
      value: amount === '' || Number.isNaN(Number(amount)) ? amount : Number(amount),
      time: /^\d{10,}$/.test(at(time)) ? Number(at(time)) : at(time),
    };
  });
  return { events, lines: records.map(({ line }) => line) };
}
