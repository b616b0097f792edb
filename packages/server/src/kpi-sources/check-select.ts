import { MyriadError } from '@myriad/contracts';

/** Words that a reading query has no use for outside quotes, each with its harm: it writes, locks, or reaches beyond. */
const refused = new Set(
  'insert update delete merge replace drop alter create truncate grant revoke into attach detach pragma copy call install load_file load set begin commit rollback lock vacuum execute'.split(
    ' ',
  ),
);
const tokens =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][\w$]*|[^\s]/g;

/**
 * One SELECT (or WITH … SELECT), without what comes after its last semicolon. This is a first fence with a clear message;
 * the query is also wrapped as a subquery, in a read-only transaction or on a file opened for reading.
 *
 * @throws MyriadError `invalid_request` saying what is not allowed.
 */
export function checkSelect(sql: string): string {
  const trimmed = sql.trim().replace(/;\s*$/, '');
  let depth = 0;
  let first = true;
  for (const [token] of trimmed.matchAll(tokens)) {
    if (token.startsWith('--') || token.startsWith('/*')) {
      // MySQL runs what stands in /*! … */
      if (token.startsWith('/*!')) throw bad('a comment that begins with /*! is run by MySQL and is not allowed');
      continue;
    }
    const word = token.toLowerCase();
    if (first && word !== 'select' && word !== 'with') throw bad('expected one SELECT, or WITH … SELECT');
    first = false;
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (depth < 0) throw bad('a parenthesis is closed that was not opened');
    if (word === ';') throw bad('expected one statement; there is a semicolon inside');
    if (word === "'" || word === '"' || word === '`') throw bad('a quote is opened and not closed');
    if (refused.has(word))
      throw bad(`"${word}" is not allowed in a query that reads; put a column of that name into quotes`);
  }
  if (first) throw bad('expected one SELECT');
  if (depth !== 0) throw bad('a parenthesis is opened and not closed');
  return trimmed;
}

const bad = (message: string) => new MyriadError('invalid_request', `sql: ${message}.`, { facts: { field: 'sql' } });
