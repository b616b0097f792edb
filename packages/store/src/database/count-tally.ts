import type { Cascade, SqlValue } from './batch.ts';

/** Parameters of each statement that writes a cascade's tally, once it is known which rows were skipped. */
export function countTally(
  { rows, tally }: Pick<Cascade, 'rows' | 'tally'>,
  skipped: readonly number[],
): readonly (readonly SqlValue[])[] {
  if (!tally) return [];
  const groups = new Map<SqlValue, Map<string, number>>();
  const there = new Set(skipped);
  rows.forEach((row, index) => {
    const group = row.values[tally.groupPlace] ?? null;
    let counts = groups.get(group);
    if (!counts) {
      counts = new Map();
      groups.set(group, counts);
    }
    const isThere = there.size > 0 && there.has(index);
    const measure = isThere ? tally.skipped : tally.added;
    counts.set(measure, (counts.get(measure) ?? 0) + 1);
    const bits = tally.rowMarks[index] ?? 0;
    if (isThere || bits === 0) return;
    for (const [place, mark] of tally.marks.entries())
      if (bits & (1 << place)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  });
  return [...groups].flatMap(([group, counts]) =>
    [...counts].map(([measure, count]) => [...tally.before, group, measure, count, ...tally.after]),
  );
}
