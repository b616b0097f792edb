/** One row of a vector file: inputs of a known computation, and what a peer's test suite expects of it. */
export interface VectorRow {
  readonly id: string;
  readonly topic: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected?: unknown;
  readonly expected_full_precision?: unknown;
  readonly expected_rejected_indices?: readonly number[];
  readonly tol?: number;
  readonly source?: unknown;
  readonly note?: string;
}

/** Computes the answer of one topic from a row's input; the keys are those that vector files expect. */
export type TopicRun = (input: Readonly<Record<string, unknown>>, row: VectorRow) => unknown;

/** A topic: which rows it answers, and how. */
export interface Topic {
  readonly name: string;
  readonly matches: (topic: string, input: Readonly<Record<string, unknown>>) => boolean;
  readonly run: TopicRun;
}

/** A number of the input, or the fallback where it is absent. @throws TypeError when neither exists. */
export function numberOf(input: Readonly<Record<string, unknown>>, key: string, fallback?: number): number {
  const value = input[key];
  if (typeof value === 'number') return value;
  if (fallback !== undefined) return fallback;
  throw new TypeError(`the input has no number "${key}"`);
}

/** A list of numbers of the input, or null. */
export function listOf(input: Readonly<Record<string, unknown>>, key: string): number[] | null {
  const value = input[key];
  return Array.isArray(value) ? (value as number[]) : null;
}

/** A list that must be there. @throws TypeError when it is not. */
export function requiredList(input: Readonly<Record<string, unknown>>, key: string): number[] {
  const value = listOf(input, key);
  if (!value) throw new TypeError(`the input has no list "${key}"`);
  return value;
}
