/** What SQLite and the file system said, as the one catalogue says it. */
import { type FailureCode, MyriadError } from '@myriad/contracts';

const codes: readonly (readonly [RegExp, FailureCode, string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'storage_full', 'The disk is full: nothing was written, and reads go on.'],
  [/^(SQLITE_READONLY|EROFS|EACCES|EPERM)/, 'storage_read_only', 'The data folder cannot be written.'],
  [/^SQLITE_CANTOPEN/, 'storage_read_only', 'The database file cannot be opened for writing.'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, 'storage_corrupt', 'The database file is damaged. Restore a backup.'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'storage_locked', 'Another process uses the database file.'],
  [/^SQLITE_CONSTRAINT/, 'conflict', 'A value that must be unique is taken.'],
];

/** What crosses between threads, since errors lose their class on the way. */
export interface PlainFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Classifies anything thrown by SQLite, the file system or an expectation. Facts hold the cause's code, never values. */
export function plainFailure(error: unknown): PlainFailure {
  if (error instanceof MyriadError) return { code: error.code, message: error.message, facts: error.facts };
  const cause = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  for (const [pattern, code, message] of codes) {
    if (pattern.test(cause)) return { code, message: `${message} (${cause})`, facts: { cause } };
  }
  const said = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `The database failed: ${said}`, facts: { cause } };
}

export function failureOf({ code, message, facts }: PlainFailure): MyriadError {
  return new MyriadError(code, message, { facts });
}

/** Runs `work` and turns what it throws into a MyriadError. */
export function withFailures<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw failureOf(plainFailure(error));
  }
}
