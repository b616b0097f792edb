import { MyriadError } from '@myriad/contracts';

const longestName = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const refused = /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069/]/;

/**
 * The name as it is kept: NFC, so that what looks the same is the same.
 *
 * @throws MyriadError `invalid_request` for a name that no file system would take, or that hides what it is.
 */
export function checkName(name: string): string {
  const clean = name.normalize('NFC');
  const refuse = (why: string) =>
    new MyriadError('invalid_request', `A name ${why}.`, { facts: { field: 'name', name: clean.slice(0, 300) } });
  if (clean.trim() === '') throw refuse('cannot be empty');
  if (clean === '.' || clean === '..') throw refuse('cannot be dots alone');
  if (refused.test(clean))
    throw refuse('cannot have slashes, control characters or marks that turn the direction of text');
  const bytes = Buffer.byteLength(clean);
  if (bytes > longestName) throw refuse(`has at most ${longestName} bytes, not ${bytes}`);
  return clean;
}

/** `Report.pdf` → `Report (2).pdf`, cut so that it stays a name. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const [stem, end] = dot > 0 && name.length - dot <= 17 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const mark = ` (${number})${end}`;
  let cut = stem;
  while (Buffer.byteLength(cut + mark) > longestName) cut = [...cut].slice(0, -1).join('');
  return cut + mark;
}
