import type { Page } from '@myriad/contracts';

/** A page of a list; the cursor is the place to go on from. */
export function mockPage<T>(items: readonly T[], query: Readonly<Record<string, string>>): Page<T> {
  const from = Number(query.cursor ?? 0);
  const limit = Number(query.limit ?? 50);
  const next = from + limit;
  return { items: items.slice(from, next), nextCursor: next < items.length ? String(next) : null };
}

/** Whether any of the texts holds the words searched for. */
export const holds = (query: string | undefined, ...texts: string[]): boolean =>
  !query || texts.some((text) => text.toLowerCase().includes(query.toLowerCase()));
