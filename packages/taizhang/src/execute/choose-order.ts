import type { ContractionPlan } from './contraction-plan.ts';

/**
 * Orders the contractions so that few tensors wait at once: of two branches, the one whose peak exceeds its result more
 * goes first (Liu, "Generalized pebbling", SIAM J. Alg. Disc. Meth. 8, 1987, for trees without recomputation).
 */
export function chooseOrder(plan: ContractionPlan): number[] {
  const leaves = plan.factors.length;
  const sliced = new Set(plan.sliced);
  const count = leaves + plan.pairs.length;
  const entries = new Float64Array(count);
  const peak = new Float64Array(count);
  const left = new Map<number, number>();
  const sets: number[][] = plan.factors.map(({ variables }) => variables.filter((v) => !sliced.has(v)));
  for (const set of sets) for (const v of set) left.set(v, (left.get(v) ?? 0) + 1);
  for (const v of plan.open) left.set(v, (left.get(v) ?? 0) + 1);
  sets.forEach((set, leaf) => {
    entries[leaf] = 2 ** set.length;
    peak[leaf] = entries[leaf]!;
  });
  const rightFirst = new Uint8Array(count);
  plan.pairs.forEach(([l, r], i) => {
    const node = leaves + i;
    const inR = new Set(sets[r]!);
    const out = [...sets[r]!];
    for (const v of sets[l]!)
      if (inR.has(v)) left.set(v, left.get(v)! - 1);
      else out.push(v);
    sets[node] = out.filter((v) => left.get(v)! > 1);
    entries[node] = 2 ** sets[node]!.length;
    const lFirst = Math.max(peak[l]!, entries[l]! + peak[r]!);
    const rFirst = Math.max(peak[r]!, entries[r]! + peak[l]!);
    rightFirst[node] = rFirst < lFirst ? 1 : 0;
    peak[node] = Math.max(Math.min(lFirst, rFirst), entries[l]! + entries[r]! + entries[node]!);
  });
  const order: number[] = [];
  const stack = plan.pairs.length > 0 ? [count - 1] : [];
  while (stack.length > 0) {
    const node = stack.pop()!;
    order.push(node);
    const [l, r] = plan.pairs[node - leaves]!;
    // The list is reversed at the end, so what is pushed last comes out first and runs last.
    const [first, second] = rightFirst[node] ? [r, l] : [l, r];
    if (first >= leaves) stack.push(first);
    if (second >= leaves) stack.push(second);
  }
  return order.reverse();
}
