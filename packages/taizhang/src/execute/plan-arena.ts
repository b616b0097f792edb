import type { ContractionPlan } from './contraction-plan.ts';

export interface ArenaPlan {
  readonly address: Float64Array;
  readonly bytes: number;
}

/**
 * Gives every tensor a place in one block of memory, reusing places as tensors are used up (first fit). Factors, and
 * results without sliced variables that a slice reads, keep theirs.
 */
export function planArena(
  plan: ContractionPlan,
  order: readonly number[],
  layouts: readonly (readonly number[])[],
  variant: readonly boolean[],
): ArenaPlan {
  const leaves = plan.factors.length;
  const address = new Float64Array(leaves + plan.pairs.length);
  const complexBytes = 2 * plan.realBytes;
  const bytesOf = (node: number) => Math.max(64, complexBytes * 2 ** layouts[node]!.length);
  let top = 0;
  const holes: { at: number; bytes: number }[] = [];

  const take = (bytes: number): number => {
    const found = holes.find((hole) => hole.bytes >= bytes);
    if (found === undefined) {
      const last = holes.at(-1);
      const at = last !== undefined && last.at + last.bytes === top ? holes.pop()!.at : top;
      top = at + bytes;
      return at;
    }
    const at = found.at;
    found.at += bytes;
    found.bytes -= bytes;
    if (found.bytes === 0) holes.splice(holes.indexOf(found), 1);
    return at;
  };
  const give = (at: number, bytes: number) => {
    holes.push({ at, bytes });
    holes.sort((a, b) => a.at - b.at);
    for (let i = holes.length - 2; i >= 0; i--)
      if (holes[i]!.at + holes[i]!.bytes === holes[i + 1]!.at) {
        holes[i]!.bytes += holes[i + 1]!.bytes;
        holes.splice(i + 1, 1);
      }
  };

  for (let leaf = 0; leaf < leaves; leaf++) address[leaf] = take(bytesOf(leaf));
  const run = (node: number) => {
    address[node] = take(bytesOf(node));
    for (const child of plan.pairs[node - leaves]!)
      if (child >= leaves && variant[child] === variant[node]) give(address[child]!, bytesOf(child));
  };
  for (const node of order) if (!variant[node]) run(node);
  for (const node of order) if (variant[node]) run(node);
  return { address, bytes: top };
}
