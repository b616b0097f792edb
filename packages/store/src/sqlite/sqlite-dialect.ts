/** The words of SQLite: FTS5 for both indexes. Terms are put so that its ASCII tokenizer gives each back as one token. */
import { sql } from 'kysely';
import type { Database, Dialect, PassageIndex, WordIndex } from '../database/database.ts';
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
    const counted = await Promise.all(terms.map(async (term) => ({ term, count: await countOf(database, term) })));
    const scope = scopeOf(collectionIds);
    const matches = matchesOf(counted);
    for (const match of matches) {
      // Passages are scored only within the inner limit; the newest come first, should it ever bind.
      const { rows } = await sql<{ seq: number; rank: number }>`
        select "seq", "rank" from (
          select "passageIndex"."rowid" as "seq", bm25("passageIndex", 1.0, 0.0) as "rank" from "passageIndex"
          where "passageIndex" match ${scope.inIndex(match)} ${scope.beside} ${onlyDocuments(sql.ref('passageIndex.rowid'), filter)}
          order by "passageIndex"."rowid" desc limit ${mostScored})
        order by "rank", "seq" limit ${limit}`.execute(database.query);
      if (rows.length >= limit || match === matches.at(-1)) return rows.map(({ seq, rank }) => ({ seq, score: -rank }));
    }
    return [];
  },
  containing: (database, terms) => Promise.all(terms.map((term) => countOf(database, term))),
};

/** Passages that one search scores at most: about 10 ms of one core, however large the library. */
const mostScored = 6_000;
/** Entries of a word that are counted; of commoner words the number is told from how soon these were reached. */
const mostCounted = 4_000;
/** Collections matched in the index itself; more are looked up for each passage that has the words. */
const mostInIndex = 8;

/** In how many passages a term stands; above `mostCounted` an estimate, which takes passages to be alike over time. */
async function countOf(database: Database, term: string): Promise<number> {
  const { rows } = await sql<{ count: number; last: number | null; newest: number | null }>`
    select count(*) as "count", max("seq") as "last", (select max("seq") from "passage") as "newest" from (
      select "rowid" as "seq" from "passageIndex" where "passageIndex" match ${`{terms} : ${inQuotes(term)}`}
      order by "rowid" limit ${mostCounted})`.execute(database.query);
  const { count = 0, last = null, newest = null } = rows[0] ?? {};
  if (count < mostCounted || !last || !newest) return count;
  return Math.round((count * newest) / last);
}

/**
 * What to match, in the order of trying. A question's rare words choose the candidates while there are few enough of
 * them; its common words, which stand in a large part of everything, weigh in later, when candidates are compared with
 * the whole question. Where all words are common, passages with the two rarest are tried first.
 */
function matchesOf(counted: readonly { readonly term: string; readonly count: number }[]): readonly string[] {
  const known = counted.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
  const [rarest, second] = known;
  if (!rarest) return [];
  let sum = 0;
  const rare = known.filter(({ count }) => {
    sum += count;
    return sum <= mostScored;
  });
  if (rare.length > 0) return [rare.map(({ term }) => inQuotes(term)).join(' OR ')];
  const alone = inQuotes(rarest.term);
  return second ? [`${alone} AND ${inQuotes(second.term)}`, alone] : [alone];
}

/** How a search is kept to its collections. */
function scopeOf(collectionIds: readonly string[]) {
  if (collectionIds.length <= mostInIndex) {
    // The scope is matched in the index itself and weighs nothing in the rank.
    const ids = collectionIds.map(inQuotes).join(' OR ');
    return { inIndex: (match: string) => `{terms} : (${match}) AND {scope} : (${ids})`, beside: sql`` };
  }
  return {
    inIndex: (match: string) => `{terms} : (${match})`,
    beside: sql`and exists (select 1 from "passage" where "passage"."seq" = "passageIndex"."rowid"
      and "passage"."collectionId" in (select "value" from json_each(${JSON.stringify(collectionIds)})))`,
  };
}
const wordIndex = (table: string): WordIndex => ({
  table,
  seqColumn: 'rowid',
  encode: (words) => words.map(indexToken).join(' '),
  matches(words, anyOf) {
    const any = anyOf ? [`(${anyOf.map(inQuotes).join(' OR ')})`] : [];
    const all = words.map(({ text, open }) => inQuotes(text) + (open ? '*' : ''));
    return sql`${sql.table(table)} match ${[...any, ...all].join(' AND ')}`;
  },
});

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  contains: (column, part) => sql`instr(lower(${sql.ref(column)}), ${part}) > 0`,
  appIndex: wordIndex('appIndex'),
  driveIndex: wordIndex('driveIndex'),
  passageIndex,
};
