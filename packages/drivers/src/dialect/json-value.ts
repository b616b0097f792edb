/** Reading of foreign JSON: every function takes anything and never throws. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): JsonRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or null for anything that is not a string. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A count of tokens or the like: a finite number of at least 0, or null. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}

/** A code given as text or number, as text; empty text is null. */
export function asCode(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Walks `path` into nested records. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const name of path) here = asRecord(here)?.[name];
  return here;
}

/** The object without the entries whose value is undefined. */
export function compact<T extends Record<string, unknown>>(object: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in object) if (object[name] !== undefined) kept[name] = object[name];
  return kept;
}
