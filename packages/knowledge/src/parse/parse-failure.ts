/** Why a file cannot be read: a sentence fit to show beside the file. `parse_limit` when a limit was passed. */
export class ParseFailure extends Error {
  readonly code: 'parse_failed' | 'parse_limit';

  constructor(code: 'parse_failed' | 'parse_limit', reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = 'ParseFailure';
    this.code = code;
  }
}
