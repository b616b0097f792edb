/**
 * Things whose text holds every letter of the query in order, best first: a beginning before a word's beginning before a
 * stretch inside before scattered letters. The order of equals is kept.
 */
export function rankMatches<T>(things: readonly T[], query: string, textOf: (thing: T) => string): readonly T[] {
  const wanted = query.toLowerCase();
  return things
    .map((thing) => ({ thing, score: scoreOf(textOf(thing).toLowerCase(), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .map(({ thing }) => thing);
}

function scoreOf(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 4;
  if (text.split(/[\s/:-]+/).some((word) => word.startsWith(wanted))) return 3;
  if (text.includes(wanted)) return 2;
  if (wanted.length < 3) return 0;
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at += 1;
  return at >= wanted.length ? 1 : 0;
}
