import { createHash } from 'node:crypto';
import type { AuditEntry } from '@myriad/contracts';

/** What the first entry names as the one before it. */
export const chainStart = '0'.repeat(64);

/** JSON with the keys of every object in order, so that the same value always has the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** SHA-256, in hex, of the previous entry's hash followed by this entry's canonical JSON without its two hashes. */
export function hashEntry(entry: Omit<AuditEntry, 'previousHash' | 'hash'>, previousHash: string): string {
  const { sequence, time, actor, action, object, detail } = entry;
  return createHash('sha256')
    .update(previousHash)
    .update(canonicalJson({ sequence, time, actor, action, object, detail }))
    .digest('hex');
}

export interface ChainVerdict {
  /** Whole entries from the start of the chain. */
  readonly entries: number;
  /** Sequence of the first entry that does not fit, or null. */
  readonly brokenAt: number | null;
}

export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** Recomputes a stretch of the chain that follows `after`. */
export function verifyChain(
  entries: Iterable<AuditEntry>,
  after: ChainPlace = { sequence: 0, hash: chainStart },
): ChainVerdict & { readonly last: ChainPlace } {
  let last = after;
  for (const entry of entries) {
    const whole =
      entry.sequence === last.sequence + 1 &&
      entry.previousHash === last.hash &&
      entry.hash === hashEntry(entry, last.hash);
    if (!whole) return { entries: last.sequence, brokenAt: last.sequence + 1, last };
    last = { sequence: entry.sequence, hash: entry.hash };
  }
  return { entries: last.sequence, brokenAt: null, last };
}
