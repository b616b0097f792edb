/** Damps the first ranks, so that one list's favourite does not decide alone; the value of the paper. */
const rankConstant = 60;

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009): each list gives its n-th item 1 / (60 + n), and the
 * sums order the items. Only ranks count, so scores of different scales need no common measure.
 *
 * @param lists Ids, best first; an id at most once a list.
 * @returns Ids with their sums, best first; ties by id, so that the order is always the same.
 */
export function fuseRanks(
  lists: readonly (readonly string[])[],
): readonly { readonly id: string; readonly score: number }[] {
  const scores = new Map<string, number>();
  for (const list of lists) {
    for (const [at, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (rankConstant + at + 1));
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
