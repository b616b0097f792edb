/** The words of SQLite: FTS5 for both indexes. Terms are put so that its ASCII tokenizer gives each back as one token. */
import { sql } from 'kysely';
import type { Dialect, PassageIndex } from '../database/database.ts';
import { statement } from '../database/statements.ts';
import { onlyDocuments } from '../knowledge/only-documents.ts';

const whole = /^[a-z0-9\u0080-\uffff]+$/;

/** @internal A term as one token of FTS5's `ascii` tokenizer: other ASCII characters would split it. */
export function indexToken(term: string): string {
  return whole.test(term) ? term : `qz${Buffer.from(term, 'utf8').toString('hex')}`;
}

const inQuotes = (term: string) => `"${indexToken(term)}"`;

const passageIndex: PassageIndex = {
  add: (passageId, collectionId, terms) => [
    statement(
      `insert into "passageIndex" ("rowid", "terms", "scope") values ((select "seq" from "passage" where "id" = ?), ?, ?)`,
      [passageId, terms.map(indexToken).join(' '), indexToken(collectionId)],
    ),
  ],
  remove: (where, params) => [
    statement(`delete from "passageIndex" where "rowid" in (select "seq" from "passage" where ${where})`, params),
  ],
  async search(database, terms, collectionIds, limit, filter) {
    if (terms.length === 0 || collectionIds.length === 0) return [];
    // The scope is matched in the index itself and weighs nothing in the rank.
    const match = `{terms} : (${terms.map(inQuotes).join(' OR ')}) AND {scope} : (${collectionIds.map(inQuotes).join(' OR ')})`;
    const { rows } = await sql<{ seq: number; rank: number }>`
      select "passageIndex"."rowid" as "seq", bm25("passageIndex", 1.0, 0.0) as "rank" from "passageIndex"
      where "passageIndex" match ${match} ${onlyDocuments(sql.ref('passageIndex.rowid'), filter)}
      order by "rank", "seq" limit ${limit}`.execute(database.query);
    return rows.map(({ seq, rank }) => ({ seq, score: -rank }));
  },
  async containing(database, terms) {
    const counts: number[] = [];
    for (const term of terms) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as "count" from "passageIndex" where "passageIndex" match ${`{terms} : ${inQuotes(term)}`}`.execute(
        database.query,
      );
      counts.push(rows[0]?.count ?? 0);
    }
    return counts;
  },
};

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  contains: (column, part) => sql`instr(lower(${sql.ref(column)}), ${part}) > 0`,
  appIndex: {
    table: 'appIndex',
    seqColumn: 'rowid',
    encode: (words) => words.map(indexToken).join(' '),
    matches(words, anyOf) {
      const any = anyOf ? [`(${anyOf.map(inQuotes).join(' OR ')})`] : [];
      const all = words.map(({ text, open }) => inQuotes(text) + (open ? '*' : ''));
      return sql`"appIndex" match ${[...any, ...all].join(' AND ')}`;
    },
  },
  passageIndex,
};
