/** What PostgreSQL said, as the one catalogue says it. Classes of SQLSTATE: postgresql.org/docs/current/errcodes-appendix.html */
import { asMyriadError, type FailureCode, MyriadError } from '@myriad/contracts';

const codes: readonly (readonly [RegExp, FailureCode, string])[] = [
  [/^53100/, 'storage_full', 'The disk of the database is full: nothing was written.'],
  [/^(25006|42501)/, 'storage_read_only', 'The database cannot be written.'],
  [/^(XX001|XX002|58030)/, 'storage_corrupt', 'The database is damaged.'],
  [/^(23505|23P01)/, 'conflict', 'A value that must be unique is taken.'],
  [/^(22021|22P05|22P02|22003)/, 'invalid_request', 'A value cannot be stored.'],
  [/^57P0[123]/, 'shutting_down', 'The database is stopping.'],
];

const unreachable = /^(ECONNREFUSED|ENOENT|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|28P01|28000|3D000)$/;

/** The SQLSTATE or the system's code of an error; '' for none. */
export function causeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function postgresFailure(error: unknown): MyriadError {
  if (error instanceof MyriadError) return error;
  const cause = causeOf(error);
  for (const [pattern, code, message] of codes) {
    if (pattern.test(cause)) return new MyriadError(code, `${message} (${cause})`, { facts: { cause }, cause: error });
  }
  return asMyriadError(error);
}

/** Failures on the way to a database for the first time are faults of the configuration, said without its password. */
export function connectFailure(error: unknown): MyriadError {
  const cause = causeOf(error);
  if (!unreachable.test(cause)) return postgresFailure(error);
  return new MyriadError('config_invalid', `The PostgreSQL database cannot be reached (${cause}).`, {
    facts: { cause },
    cause: error,
  });
}
