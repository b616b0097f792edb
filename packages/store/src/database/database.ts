/** One database as the repositories see it: reads by Kysely, writes by batches, and the few words that differ. */
import type { StoredFilter } from '@myriad/contracts';
import type { Expression, Kysely, SqlBool } from 'kysely';
import type { Tables } from '../tables.ts';
import type { Batch, SqlValue, Statement, StepResult } from './batch.ts';

/** Where SQLite and PostgreSQL do not say the same thing. */
export interface Dialect {
  readonly kind: 'sqlite' | 'postgres';
  /** True when `part` stands in the text, whatever the case; `part` is lower case already. */
  contains(column: string, part: string): Expression<SqlBool>;
  /** Search index of the registry. */
  readonly appIndex: WordIndex;
  /** Search index of the names of files and folders. */
  readonly driveIndex: WordIndex;
  readonly passageIndex: PassageIndex;
}

/** How words are kept beside a table, and the condition that all of them are there. */
export interface WordIndex {
  readonly table: string;
  readonly seqColumn: string;
  encode(words: readonly string[]): string;
  /** Condition on a row of the table: every word is there, `open` ones as the beginning of one, and one of `anyOf`. */
  matches(words: readonly QueryWord[], anyOf: readonly string[] | null): Expression<SqlBool>;
}

export interface QueryWord {
  readonly text: string;
  /** The word may go on: it was being typed, or is a single character of a Chinese word. */
  readonly open: boolean;
}

export interface RankedPassage {
  readonly seq: number;
  readonly score: number;
}

/** The inverted index over passages. Both give the BM25 of the same formula, k1 = 1.2 and b = 0.75. */
export interface PassageIndex {
  add(passageId: string, collectionId: string, terms: readonly string[]): readonly Statement[];
  /** Must stand before the passages themselves are deleted. `where` is a condition on `passage`, with its parameters. */
  remove(where: string, params: readonly SqlValue[]): readonly Statement[];
  search(
    database: Database,
    terms: readonly string[],
    collectionIds: readonly string[],
    limit: number,
    filter: StoredFilter,
  ): Promise<readonly RankedPassage[]>;
  containing(database: Database, terms: readonly string[]): Promise<readonly number[]>;
}

/** A batch that may still be on this side of the database. */
export interface RidingBatch {
  /** Resolves when it is durable or was withdrawn. */
  readonly written: Promise<void>;
  /** Takes it back; false when it has gone already. */
  withdraw(): boolean;
}

export interface Database {
  readonly dialect: Dialect;
  readonly query: Kysely<Tables>;
  /** True when batches are applied in the order of their calls. */
  readonly ordered: boolean;
  /** Durable when resolved. @throws MyriadError of the expectation that failed, or `storage_*`. */
  write(batch: Batch): Promise<readonly StepResult[]>;
  /** For what nobody waits for: made and durable some milliseconds later, together with what others write. */
  writeSoon(make: () => Batch): RidingBatch;
  /** A long read that must not hold up this thread. */
  readSlowly(sql: string, params: readonly SqlValue[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}
