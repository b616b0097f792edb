import { MyriadError } from '@myriad/contracts';

/** A mark as it is kept: JSON of the number or the text that the database wrote. */
export const keepMark = (value: string | number): string => JSON.stringify(value);
export const openMark = (kept: string): string | number => JSON.parse(kept) as string | number;

/**
 * Where a reading begins: the mark, less the overlap that lets in rows which were written late under an older mark.
 *
 * @param overlap Units of a number, or milliseconds of a time; at least 0.
 * @throws MyriadError `invalid_request` when there is an overlap and the mark is neither.
 */
export function beginBefore(mark: string | number, overlap: number): string | number {
  if (overlap === 0) return mark;
  if (typeof mark === 'number') return mark - overlap;
  if (/^-?\d+$/.test(mark)) return String(BigInt(mark) - BigInt(Math.trunc(overlap)));
  if (/^-?\d+\.\d+$/.test(mark)) return String(Number(mark) - overlap);
  const time = parseTime(mark);
  if (time === null)
    throw new MyriadError('invalid_request', 'overlap: a mark that is neither a number nor a time has none.', {
      facts: { field: 'overlap' },
    });
  const iso = new Date(time - overlap).toISOString();
  if (mark.includes('T')) return iso;
  const zoned = /[+-]\d{2}(:?\d{2})?$/.test(mark) && mark.length > 10;
  return iso.replace('T', ' ').replace('Z', zoned ? '+00' : '');
}

/** A time as databases write it, in UTC where it names no zone; milliseconds, or null. */
export function parseTime(text: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/.exec(
    text.trim(),
  );
  if (!found) return null;
  const [, day, clock = '00:00:00', zone = 'Z'] = found;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const time = Date.parse(`${day}T${clock.replace(/(\.\d{3})\d+/, '$1')}${offset}`);
  return Number.isNaN(time) ? null : time;
}
