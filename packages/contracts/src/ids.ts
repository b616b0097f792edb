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
  | 'shr';

/**
 * A new identifier: prefix, underscore, 10 characters of UTC milliseconds and 16 random ones in Crockford's base 32, so
 * identifiers sort by time of making. An id is never a permission.
 */
export function newId(prefix: IdPrefix, clock: Pick<Clock, 'now'>, random: Pick<Random, 'bytes'>): string {
  let time = clock.now();
  let head = '';
  for (let place = 0; place < 10; place += 1) {
    head = alphabet[time % 32] + head;
    time = Math.floor(time / 32);
  }
  let tail = '';
  for (const byte of random.bytes(16)) tail += alphabet[byte & 31];
  return `${prefix}_${head}${tail}`;
}
