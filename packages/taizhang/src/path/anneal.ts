import type { Random } from '../ir/random.ts';
import { annealKernel, factorCount } from './anneal-kernel.ts';
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
  /** `plain` keeps to JavaScript; the moves are the same. */
  readonly kernel?: 'wasm' | 'plain';
}

/**
 * Simulated annealing by local rotations of the tree: ((a b) c) becomes ((c b) a) (Kalachev, Panteleev and Yung,
 * arXiv 2108.05665). A move is judged by the cost of the two contractions it changes, on a log scale. Changes the tree
 * in place.
 */
export function anneal(tree: ContractionTree, options: AnnealOptions): void {
  const { steps, random } = options;
  if (tree.leaves < 3) return;
  const limit = Math.min(options.maxSize ?? 1e6, 1e6);
  const blocks = Math.min(128, Math.ceil(steps / 512));
  const blockSteps = Math.ceil(steps / blocks);
  const ratio = blocks > 1 ? (options.to / options.from) ** (1 / (blocks - 1)) : 1;
  let temperature = options.from;
  // A small xorshift inside the loop, seeded from the caller's stream: a call per draw would cost as much as the move.
  let state = Math.floor(random() * 0x7fffffff) | 1;
  const kernel = options.kernel === 'plain' ? null : annealKernel(tree);
  kernel?.load(tree);
  const factors = new Float64Array(factorCount);
  for (let block = 0; block < blocks; block++, temperature *= ratio) {
    // Accepted when after / before ≤ u^-T, which is the Metropolis rule for log2 of the cost at temperature T·ln 2.
    for (let i = 0; i < factorCount; i++) factors[i] = ((i + 0.5) / factorCount) ** -(temperature * Math.LN2);
    state =
      kernel === null
        ? annealSteps(tree, blockSteps, limit, factors, state)
        : kernel.run(blockSteps, limit, factors, state);
  }
  kernel?.store(tree);
  if (tree.parent[tree.root] !== -1) throw new Error('annealing moved the root');
}

/** The moves in plain JavaScript; returns the state of the xorshift. */
function annealSteps(tree: ContractionTree, steps: number, limit: number, factors: Float64Array, from: number): number {
  const { leaves, words, left, right, parent, sets, macs, size } = tree;
  const inner = leaves - 1;
  let state = from;
  for (let step = 0; step < steps; step++) {
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
      if (after > before * factors[state >>> 22]!) continue;
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
  return state;
}
