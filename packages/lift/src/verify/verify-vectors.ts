import { LiftError } from '../lift-error.ts';
import { COMPARISON_TOPICS } from './comparison-topics.ts';
import { DERIVED_TOPICS } from './derived-topics.ts';
import { PLANNING_TOPICS } from './planning-topics.ts';
import { PORTFOLIO_TOPICS } from './portfolio-topics.ts';
import { SEQUENCE_TOPICS } from './sequence-topics.ts';
import type { Topic, VectorRow } from './vector-row.ts';

/** Outcome of one row. `worst` is the largest deviation over all its numbers, against `expected` in its tolerance. */
export interface VectorResult {
  readonly id: string;
  readonly topic: string;
  readonly pass: boolean;
  readonly expected: unknown;
  readonly got: unknown;
  readonly tolerance: number;
  readonly worst: number;
  /** No procedure here answers the row's topic: it was not checked. */
  readonly unknown: boolean;
  /** Why a row has no answer: an unknown topic, or an input that cannot be read. */
  readonly problem?: string;
}

export interface VerifyReport {
  readonly passed: number;
  readonly failed: number;
  /** Rows of topics that nothing here can recompute: neither passed nor failed. */
  readonly unknown: number;
  readonly rows: readonly VectorResult[];
}

/** A vector file: `vectors` from peers' test suites, `derived` by definition. */
export interface VectorFile {
  readonly vectors?: readonly VectorRow[];
  readonly derived?: readonly VectorRow[];
}

/** Every topic that this room can recompute; the most particular first, two-armed tests last. */
const TOPICS: readonly Topic[] = [
  ...DERIVED_TOPICS,
  ...SEQUENCE_TOPICS,
  ...PLANNING_TOPICS,
  ...PORTFOLIO_TOPICS,
  ...COMPARISON_TOPICS,
];

/** The tolerance of a peer's full-precision output, absolute, relative above 1. */
const FULL_PRECISION = 1e-6;

/**
 * Recomputes every row of a vector file. A row passes when each number that it expects is met within its own
 * tolerance (absolute; for the G*Power rows relative, as in their source), and each of the peer's full-precision
 * numbers within 1e−6.
 *
 * @param file The parsed JSON, or a bare list of rows.
 * @throws LiftError `invalid_vectors` when it is neither.
 */
export function verifyVectors(file: unknown): VerifyReport {
  const rows = rowsOf(file).map(verifyRow);
  const passed = rows.filter((row) => row.pass).length;
  const unknown = rows.filter((row) => row.unknown).length;
  return { passed, failed: rows.length - passed - unknown, unknown, rows };
}

function rowsOf(file: unknown): VectorRow[] {
  const lists = Array.isArray(file)
    ? [file]
    : [(file as VectorFile | null)?.vectors, (file as VectorFile | null)?.derived].filter(Array.isArray);
  const rows = lists.flat() as VectorRow[];
  if (
    lists.length === 0 ||
    rows.some((row) => typeof row?.id !== 'string' || typeof row.input !== 'object' || row.input === null)
  ) {
    throw new LiftError(
      'invalid_vectors',
      'A vector file holds a list "vectors" of rows with id, topic and input.',
      {},
    );
  }
  return rows;
}

function verifyRow(row: VectorRow): VectorResult {
  const expected = 'expected' in row ? row.expected : (row.expected_rejected_indices ?? null);
  const tolerance = row.tol ?? (row.expected_rejected_indices ? 0 : FULL_PRECISION);
  const base = { id: row.id, topic: row.topic ?? '', expected, tolerance, unknown: false };
  const topic = TOPICS.find((candidate) => candidate.matches(row.topic ?? '', row.input));
  if (!topic) {
    const fields = Object.keys(row.input).join(', ') || 'none';
    const problem = `no procedure answers the topic "${base.topic}" with the fields ${fields}`;
    return { ...base, unknown: true, pass: false, got: null, worst: Number.POSITIVE_INFINITY, problem };
  }
  try {
    const got = topic.run(row.input, row);
    const relative = /G\*Power/i.test(row.topic);
    const coarse = deviation(expected, got, relative ? 1e-300 : Number.POSITIVE_INFINITY);
    const fine = row.expected_full_precision === undefined ? 0 : deviation(row.expected_full_precision, got, 1);
    const pass = coarse <= tolerance * (1 + 1e-9) + 1e-15 && fine <= FULL_PRECISION;
    return { ...base, pass, got, worst: Math.max(coarse, fine) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...base, pass: false, got: null, worst: Number.POSITIVE_INFINITY, problem };
  }
}

/**
 * Largest deviation of what was got from what is expected. Only expected fields and list entries count; null stands
 * for an open end and meets null, an infinity or an absent value.
 *
 * @param scaleFrom Deviations are divided by |expected| where that is at least this.
 */
function deviation(expected: unknown, got: unknown, scaleFrom: number): number {
  if (typeof expected === 'number') {
    if (typeof got !== 'number' || Number.isNaN(got)) return Number.POSITIVE_INFINITY;
    const size = Math.abs(expected);
    return Math.abs(got - expected) / (size >= scaleFrom ? size : 1);
  }
  if (expected === null || expected === undefined) {
    return got == null || got === Number.POSITIVE_INFINITY || got === Number.NEGATIVE_INFINITY
      ? 0
      : Number.POSITIVE_INFINITY;
  }
  if (typeof expected !== 'object') return expected === got ? 0 : Number.POSITIVE_INFINITY;
  if (typeof got !== 'object' || got === null) return Number.POSITIVE_INFINITY;
  // an interval may be expected by its lower end alone; any other list must have the same length
  const partial = (key: string) => key === 'ci';
  let worst = 0;
  if (Array.isArray(expected) && Array.isArray(got) && expected.length !== got.length && expected.length !== 1) {
    return Number.POSITIVE_INFINITY;
  }
  for (const [key, value] of Object.entries(expected)) {
    const mine = (got as Record<string, unknown>)[key];
    const whole = Array.isArray(value) && Array.isArray(mine) && !partial(key) && value.length !== mine.length;
    worst = Math.max(worst, whole ? Number.POSITIVE_INFINITY : deviation(value, mine, scaleFrom));
  }
  return worst;
}
