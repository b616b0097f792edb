/**
 * What the repositories hand to a database to write: a batch of steps that happens whole or not at all. Steps are plain
 * data, so a batch crosses to the writer thread as it is. Statements are written once for both databases: parameters are
 * `?`, and no statement holds a question mark otherwise.
 */
import type { FailureCode } from '@myriad/contracts';

export type SqlValue = string | number | bigint | null | Uint8Array;

/** What must be true after a statement; otherwise the batch is undone and fails with `code`. */
export interface Expectation {
  readonly changes: number;
  readonly code: Extract<FailureCode, 'conflict' | 'not_found' | 'invalid_request' | 'quota_exceeded'>;
  readonly message: string;
}

export interface Statement {
  readonly kind: 'statement';
  readonly sql: string;
  readonly params: readonly SqlValue[];
  readonly expect?: Expectation;
}

/**
 * Many new rows of one table, those already there skipped, each with rows of other tables that are written only when it
 * was new. `seq` is the number that the database gave the first row; the others begin with it.
 */
export interface Cascade {
  readonly kind: 'cascade';
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that tell rows apart within this batch; used to learn which were new. */
  readonly identity: readonly string[];
  readonly dependents: readonly {
    readonly table: string;
    readonly columns: readonly string[];
    /** Column that takes the first row's number, or null when none does. */
    readonly seqColumn: string | null;
  }[];
  readonly rows: readonly CascadeRow[];
  readonly tally?: Tally;
}

/** Counts of a cascade's rows, added up and written with them. */
export interface Tally {
  /** Takes `before`, the group, the measure, the count, `after`. */
  readonly sql: string;
  readonly before: readonly SqlValue[];
  readonly after: readonly SqlValue[];
  /** Place of the column that the rows are grouped by. */
  readonly groupPlace: number;
  /** Measure of new rows, and of those that were there before. */
  readonly added: string;
  readonly skipped: string;
  /** Further measures of a new row, as bits: bit 0 counts towards `marks[0]`. */
  readonly marks: readonly string[];
  readonly rowMarks: Uint8Array;
}

export interface CascadeRow {
  readonly values: readonly SqlValue[];
  /** For each dependent table, its rows. */
  readonly dependents: readonly (readonly (readonly SqlValue[])[])[];
}

export type Step = Statement | Cascade;
export type Batch = readonly Step[];

export interface StepResult {
  readonly changes: number;
  /** Rows of a `returning` clause. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** For a cascade: indexes of the rows that were there before. */
  readonly skipped: readonly number[];
}
