import type { Clock, Random } from './clock.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

export type IdPrefix =
  | 'app'
  | 'run'
  | 'call'
  | 'key'
  | 'per'
  | 'grp'
  | 'doc'
  | 'psg'
  | 'col'
  | 'conv'
  | 'msg'
  | 'mdl'
  | 'inv'
  | 'aud'
  | 'evt'
  | 'job'
  | 'apr'
  | 'blob'
  | 'hold'
  | 'dec'
  | 'exp'
  | 'drv'
  | 'nod'
  | 'shr'
  | 'lnk'
  | 'upl'
  | 'wen'
  | 'src'
  | 'file'
  | 'batch';

/**
 * A new identifier: prefix, underscore, 10 characters of UTC milliseconds and 16 random ones in Crockford's base 32, so
 * identifiers sort by time of making. An id is never a permission.
 */
export function newId(prefix: IdPrefix, clock: Pick<Clock, 'now'>, random: Pick<Random, 'bytes'>): string {
  const now = clock.now();
  if (now !== headTime) {
    headTime = now;
    head = headOf(now);
  }
  const bytes = random.bytes(16);
  for (let at = 0; at < 16; at += 1) bytes[at] = codes[(bytes[at] as number) & 31] as number;
  return `${prefix}_${head}${String.fromCharCode.apply(null, bytes as unknown as number[])}`;
}

const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));

/** Many identifiers are made in one millisecond. */
let headTime = Number.NaN;
let head = '';

function headOf(now: number): string {
  let time = now;
  let text = '';
  for (let place = 0; place < 10; place += 1) {
    text = alphabet[time % 32] + text;
    time = Math.floor(time / 32);
  }
  return text;
}
