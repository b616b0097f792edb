/**
 * The words of PostgreSQL. The registry's words are a `tsvector` under a GIN index. Passages are ranked by BM25 computed
 * here from stored counts, since PostgreSQL's own `ts_rank` knows nothing of how rare a word is. Formula, with
 * k1 = 1.2 and b = 0.75: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), eq. 3.15,
 * with the floor on the weight of common words and the token of the scope in each length, as FTS5 has them.
 */
import { sql } from 'kysely';
import type { Dialect, PassageIndex, WordIndex } from '../database/database.ts';
import { statement } from '../database/statements.ts';
import { onlyDocuments } from '../knowledge/only-documents.ts';

/** @internal A word as a quoted lexeme. */
export const lexeme = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

const seqOf = `(select "seq" from "passage" where "id" = ?)`;

const passageIndex: PassageIndex = {
  add(passageId, collectionId, terms) {
    const times: Record<string, number> = Object.create(null);
    for (const term of terms) times[term] = (times[term] ?? 0) + 1;
    return [
      statement(`insert into "passageLength" ("seq", "length") values (${seqOf}, ?)`, [passageId, terms.length]),
      statement(
        `insert into "passageTerm" ("term", "collectionId", "seq", "times")
          select "key", ?, ${seqOf}, "value"::integer from json_each_text(?::json)`,
        [collectionId, passageId, JSON.stringify(times)],
      ),
    ];
  },
  remove: (where, params) => [
    statement(`delete from "passageTerm" where "seq" in (select "seq" from "passage" where ${where})`, params),
    statement(`delete from "passageLength" where "seq" in (select "seq" from "passage" where ${where})`, params),
  ],
  async search(database, terms, collectionIds, limit, filter) {
    if (terms.length === 0 || collectionIds.length === 0) return [];
    const words = sql.join([...terms]);
    const { rows } = await sql<{ seq: number; score: number }>`
      with "all" as (select count(*)::float8 as "rows", avg("length" + 1)::float8 as "meanLength" from "passageLength"),
      "weight" as (
        select "term", greatest(ln(("all"."rows" - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) as "idf"
        from "passageTerm", "all" where "term" in (${words}) group by "term", "all"."rows")
      select "passageTerm"."seq", sum("idf" * "times" * 2.2 /
        ("times" + 1.2 * (0.25 + 0.75 * ("length" + 1) / "meanLength")))::float8 as "score"
      from "passageTerm" join "weight" using ("term") join "passageLength" using ("seq"), "all"
      where "passageTerm"."collectionId" in (${sql.join([...collectionIds])})
        ${onlyDocuments(sql.ref('passageTerm.seq'), filter)}
      group by "passageTerm"."seq" order by "score" desc, "seq" limit ${limit}`.execute(database.query);
    return rows;
  },
  async containing(database, terms) {
    if (terms.length === 0) return [];
    const { rows } = await sql<{ term: string; count: number }>`
      select "term", count(*) as "count" from "passageTerm" where "term" in (${sql.join([...new Set(terms)])})
      group by "term"`.execute(database.query);
    const counts = new Map(rows.map(({ term, count }) => [term, count]));
    return terms.map((term) => counts.get(term) ?? 0);
  },
};

const wordIndex = (table: string): WordIndex => ({
  table,
  seqColumn: 'seq',
  encode: (words) => words.map(lexeme).join(' '),
  matches(words, anyOf) {
    const any = anyOf ? [`(${anyOf.map(lexeme).join(' | ')})`] : [];
    const all = words.map(({ text, open }) => lexeme(text) + (open ? ':*' : ''));
    return sql`${sql.ref(`${table}.words`)} @@ ${[...any, ...all].join(' & ')}::tsquery`;
  },
});

export const postgresDialect: Dialect = {
  kind: 'postgres',
  contains: (column, part) => sql`strpos(lower(${sql.ref(column)}), ${part}) > 0`,
  appIndex: wordIndex('appIndex'),
  driveIndex: wordIndex('driveIndex'),
  passageIndex,
};
