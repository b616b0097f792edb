import type { Random } from '../ir/random.ts';
import { type ContractionTree, popcount, power, refresh, trafficWeight } from './contraction-tree.ts';

/**
 * Slices one more variable: of those in the largest tensors, the one that leaves the least total work. `noise` in log2
 * shuffles near ties.
 *
 * @returns The variable, or -1 when nothing can be sliced.
 */
export function sliceOne(tree: ContractionTree, noise: number, random: Random): number {
  const { leaves, words, left, right, sets, macs, size, rootSet } = tree;
  const nodes = 2 * leaves - 1;
  const saved = new Float64Array(words * 32);
  let most = 0;
  for (let node = leaves; node < nodes; node++) most = Math.max(most, size[node]!);
  const candidates = new Int32Array(words);
  let total = 0;
  for (let node = leaves; node < nodes; node++) {
    const work = power(macs[node]!);
    const traffic = trafficWeight * power(size[node]!);
    total += work + traffic;
    const large = size[node]! >= most;
    for (let w = 0; w < words; w++) {
      const union = sets[left[node]! * words + w]! | sets[right[node]! * words + w]!;
      const out = sets[node * words + w]!;
      if (large) candidates[w] = candidates[w]! | (out & ~rootSet[w]!);
      eachBit(union, w, (variable) => {
        saved[variable] = saved[variable]! + work / 2;
      });
      eachBit(out, w, (variable) => {
        saved[variable] = saved[variable]! + traffic / 2;
      });
    }
  }
  let pick = -1;
  let best = Number.POSITIVE_INFINITY;
  for (let w = 0; w < words; w++)
    eachBit(candidates[w]!, w, (variable) => {
      const after = Math.log2(total - saved[variable]!) + noise * random();
      if (after < best) {
        best = after;
        pick = variable;
      }
    });
  if (pick >= 0) setSliced(tree, pick, true);
  return pick;
}

/** Slices or restores a variable and brings the tree up to date. */
export function setSliced(tree: ContractionTree, variable: number, sliced: boolean): void {
  const w = variable >>> 5;
  const bit = 1 << (variable & 31);
  tree.sliced[w] = sliced ? tree.sliced[w]! | bit : tree.sliced[w]! & ~bit;
  tree.slicedCount = tree.sliced.reduce((count, word) => count + popcount(word), 0);
  refresh(tree);
}

/** Restores every sliced variable. */
export function clearSlices(tree: ContractionTree): void {
  tree.sliced.fill(0);
  tree.slicedCount = 0;
  refresh(tree);
}

/** Numbers of the sliced variables, ascending. */
export function slicedVariables(tree: ContractionTree): number[] {
  const out: number[] = [];
  tree.sliced.forEach((word, w) => {
    eachBit(word, w, (variable) => out.push(variable));
  });
  return out;
}

function eachBit(word: number, w: number, visit: (variable: number) => void): void {
  for (let rest = word; rest !== 0; rest &= rest - 1) visit(w * 32 + 31 - Math.clz32(rest & -rest));
}
