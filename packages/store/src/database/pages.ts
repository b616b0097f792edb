/** Cursors: where the next page begins, as opaque text. Lists are ordered by unique keys, so inserts move nothing. */
import { MyriadError, type Page, type PageRequest } from '@myriad/contracts';

export type CursorKey = readonly (string | number)[];

const defaultLimit = 50;
const largestLimit = 500;

/** @throws MyriadError `invalid_request` when the limit is not a whole number from 1 to 500. */
export function pageLimit(request: PageRequest): number {
  const limit = request.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    throw new MyriadError('invalid_request', `A page has 1 to ${largestLimit} items, not ${limit}.`, {
      facts: { limit, largestLimit },
    });
  }
  return limit;
}

/**
 * Reads a cursor made by `toPage`.
 *
 * @param shape One sample value for each part, whose type the part must have.
 * @throws MyriadError `invalid_request` when the text is not such a cursor.
 */
export function readCursor<Shape extends CursorKey>(request: PageRequest, shape: Shape): Shape | null {
  if (request.cursor === undefined || request.cursor === null) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(request.cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts.length === shape.length &&
      parts.every((part, index) => typeof part === typeof shape[index])
    ) {
      return parts as unknown as Shape;
    }
  } catch {
    // Falls through to the refusal below.
  }
  throw new MyriadError('invalid_request', 'The cursor is not one that this list gave out.');
}

/** @param rows Up to `limit + 1` rows: one more than asked for says that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined
      ? Buffer.from(JSON.stringify(keyOf(last)), 'utf8').toString('base64url')
      : null;
  return { items: shown.map(itemOf), nextCursor };
}

/** The first text, in byte order, that comes after every text that begins with `prefix`. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10ffff}`;
