import type { Random } from '../ir/random.ts';
import { type ContractionTree, power, trafficWeight } from './contraction-tree.ts';

export interface AnnealOptions {
  /** Proposals to make. */
  readonly steps: number;
  /** Temperatures in log2 of cost; the schedule between them is geometric. */
  readonly from: number;
  readonly to: number;
  /** log2 of the largest tensor a move may create; leave out before slicing (a size penalty there costs dearly). */
  readonly maxSize?: number;
  readonly random: Random;
}

/**
 * Simulated annealing by local rotations of the tree: ((a b) c) becomes ((c b) a) (Kalachev, Panteleev and Yung,
 * arXiv 2108.05665). A move is judged by the cost of the two contractions it changes, on a log scale. Changes the tree
 * in place.
 */
export function anneal(tree: ContractionTree, options: AnnealOptions): void {
  const { leaves, words, left, right, parent, sets, macs, size, root } = tree;
  const { steps, random } = options;
  const inner = leaves - 1;
  if (inner < 2) return;
  const limit = options.maxSize ?? 1e9;
  const blockSteps = 1024;
  const blocks = Math.ceil(steps / blockSteps);
  const ratio = blocks > 1 ? (options.to / options.from) ** (1 / (blocks - 1)) : 1;
  let temperature = options.from;
  // A small xorshift inside the loop, seeded from the caller's stream: a call per draw would cost as much as the move.
  let state = (Math.floor(random() * 0x7fffffff) | 1) >>> 0;
  for (let block = 0; block < blocks; block++, temperature *= ratio) {
    for (let step = 0; step < blockSteps; step++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const draw = state >>> 0;
      const p = leaves + ((draw >>> 3) % inner);
      const onLeft = (draw & 1) === 0;
      const x = onLeft ? left[p]! : right[p]!;
      if (x < leaves) continue;
      const c = onLeft ? right[p]! : left[p]!;
      const swapLeft = (draw & 2) === 0;
      const a = swapLeft ? left[x]! : right[x]!;
      const b = swapLeft ? right[x]! : left[x]!;

      let newInner = 0;
      let newOuter = 0;
      let newSize = 0;
      const pw = p * words;
      const aw = a * words;
      const bw = b * words;
      const cw = c * words;
      for (let w = 0; w < words; w++) {
        const sa = sets[aw + w]!;
        const joined = sets[bw + w]! | sets[cw + w]!;
        const open = joined & (sa | sets[pw + w]!);
        let v = joined - ((joined >>> 1) & 0x55555555);
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
        newInner += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
        v = open - ((open >>> 1) & 0x55555555);
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
        newSize += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
        const outer = open | sa;
        v = outer - ((outer >>> 1) & 0x55555555);
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
        newOuter += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
      }
      if (newSize > limit && newSize > size[x]!) continue;
      const before = power(macs[x]!) + power(macs[p]!) + trafficWeight * power(size[x]!);
      const after = power(newInner) + power(newOuter) + trafficWeight * power(newSize);
      if (after > before) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        if ((state >>> 0) / 4294967296 >= Math.exp(-Math.log(after / before) / (temperature * Math.LN2))) continue;
      }
      // Accept: c moves into x in the place of a, a becomes the sibling.
      if (swapLeft) left[x] = c;
      else right[x] = c;
      if (onLeft) right[p] = a;
      else left[p] = a;
      parent[c] = x;
      parent[a] = p;
      const xw = x * words;
      for (let w = 0; w < words; w++) sets[xw + w] = (sets[bw + w]! | sets[cw + w]!) & (sets[aw + w]! | sets[pw + w]!);
      macs[x] = newInner;
      size[x] = newSize;
      macs[p] = newOuter;
    }
  }
  if (parent[root] !== -1) throw new Error('annealing moved the root');
}
