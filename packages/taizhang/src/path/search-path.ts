import { type Random, seededRandom } from '../ir/random.ts';
import type { Network } from '../network/build-network.ts';
import { anneal } from './anneal.ts';
import {
  type ContractionTree,
  cloneTree,
  contractionOrder,
  copyTree,
  createTree,
  linkStem,
  totalCost,
  widest,
} from './contraction-tree.ts';
import { reconfigure } from './reconfigure.ts';
import { clearSlices, setSliced, slicedVariables, sliceOne } from './slice.ts';
import { startOrders } from './start-orders.ts';

export interface SearchOptions {
  /** log2 of the entries that the largest tensor of a slice may have. */
  readonly maxSize: number;
  readonly seed: number;
  /** Budget of rounds; the result then depends on nothing but the seed. */
  readonly rounds: number;
  /** Budget of time, on top of the rounds. */
  readonly searchMs?: number;
  readonly now?: () => number;
  /** Called after each round with the best cost so far (log2, memory traffic included). */
  readonly onRound?: (round: number, log2Cost: number) => void;
}

export interface FoundPath {
  readonly tree: ContractionTree;
  /** Network variable of each variable number of the tree. */
  readonly variables: readonly number[];
  readonly rounds: number;
}

/**
 * Looks for a cheap sliced contraction tree. Each round takes a sweep of the circuit or the best tree so far, anneals it
 * without any slices or size limit, slices one variable at a time with annealing between, polishes under the limit, and
 * is kept if it is the best yet; the next rounds drop its slices and go on from there.
 *
 * @returns null when no slicing reaches `maxSize` (the open variables alone are too many).
 */
export function searchPath(network: Network, options: SearchOptions): FoundPath | null {
  const random = seededRandom(options.seed);
  const started = options.now?.() ?? 0;
  const outOfTime = () =>
    options.searchMs !== undefined && options.now !== undefined && options.now() - started >= options.searchMs;

  const numbers = new Map<number, number>();
  const number = (variable: number) => {
    if (!numbers.has(variable)) numbers.set(variable, numbers.size);
    return numbers.get(variable)!;
  };
  const leafVariables = network.factors.map(({ variables }) => variables.map(number));
  const open = network.open.map(number);
  const tree = createTree(leafVariables, open, numbers.size);
  const best = cloneTree(tree);
  const base = cloneTree(tree);
  let bestCost = Number.POSITIVE_INFINITY;
  let baseCost = Number.POSITIVE_INFINITY;

  const leaves = tree.leaves;
  const steps = Math.max(2_000, Math.min(1_500_000, leaves * leaves * 4));
  const starts: { order: Int32Array; cost: number }[] = [];
  const consider = () => {
    const cost = totalCost(tree);
    if (widest(tree) <= options.maxSize && cost < bestCost) {
      bestCost = cost;
      copyTree(tree, best);
    }
    return cost;
  };

  for (const order of startOrders(network)) {
    if (starts.length > 0 && outOfTime()) break;
    linkStem(tree, order);
    anneal(tree, { steps, from: 0.6, to: 0.1, random });
    const cost = totalCost(tree);
    starts.push({ order, cost });
    if (cost < baseCost) {
      baseCost = cost;
      copyTree(tree, base);
    }
  }
  starts.sort((a, b) => a.cost - b.cost);

  let round = 0;
  for (; round < options.rounds || bestCost === Number.POSITIVE_INFINITY; round++) {
    if (bestCost === Number.POSITIVE_INFINITY ? round > 20 : outOfTime()) break;
    if (round % 8 === 3 && leaves > 2) {
      linkStem(tree, starts[Math.floor(random() * Math.min(3, starts.length))]!.order);
      anneal(tree, { steps: steps * 3, from: 0.8, to: 0.08, random });
    } else {
      const fromBest = bestCost < Number.POSITIVE_INFINITY && round % 2 === 1;
      copyTree(fromBest ? best : base, tree);
      clearSlices(tree);
      anneal(tree, { steps, from: 0.2 + 0.5 * random(), to: 0.08, random });
    }
    improve(tree, 1e9, random);
    const unsliced = totalCost(tree);
    if (unsliced <= baseCost) {
      baseCost = unsliced;
      copyTree(tree, base);
    }
    if (sliceToFit(tree, options.maxSize, steps, random)) {
      consider();
      anneal(tree, { steps, from: 0.3, to: 0.03, maxSize: options.maxSize, random });
      improve(tree, options.maxSize, random);
      consider();
      exchangeSlices(tree, options.maxSize, steps, random, consider, outOfTime);
    }
    options.onRound?.(round, Math.log2(bestCost));
    if (leaves <= 3 || (leaves < 60 && round >= 12)) {
      round++;
      break;
    }
  }
  if (bestCost === Number.POSITIVE_INFINITY) return null;
  return { tree: best, variables: [...numbers.keys()], rounds: round };
}

/** Windows of eight branches wherever the work is, until a pass finds nothing. */
function improve(tree: ContractionTree, maxSize: number, random: Random): void {
  for (let pass = 0; pass < 4; pass++) if (reconfigure(tree, contractionOrder(tree), 8, maxSize, random) === 0) return;
}

/** Slices one variable at a time, annealing after each without a size limit; false when no slices would do. */
function sliceToFit(tree: ContractionTree, maxSize: number, steps: number, random: Random): boolean {
  for (let guard = 0; widest(tree) > maxSize; guard++) {
    if (guard > 200 || sliceOne(tree, 0.15, random) < 0) return false;
    anneal(tree, { steps: Math.ceil(steps / 8), from: 0.25, to: 0.05, random });
    improve(tree, 1e9, random);
  }
  return true;
}

/** Gives back one slice at a time, anneals, and slices afresh where still needed; keeps what is cheaper. */
function exchangeSlices(
  tree: ContractionTree,
  maxSize: number,
  steps: number,
  random: Random,
  consider: () => number,
  outOfTime: () => boolean,
): void {
  const before = cloneTree(tree);
  let cost = totalCost(tree);
  for (const variable of slicedVariables(tree)) {
    if (outOfTime()) return;
    setSliced(tree, variable, false);
    anneal(tree, { steps: Math.ceil(steps / 8), from: 0.25, to: 0.05, random });
    if (sliceToFit(tree, maxSize, steps, random)) {
      anneal(tree, { steps: Math.ceil(steps / 8), from: 0.15, to: 0.03, maxSize, random });
      improve(tree, maxSize, random);
      const after = consider();
      if (after < cost) {
        cost = after;
        copyTree(tree, before);
        continue;
      }
    }
    copyTree(before, tree);
  }
}
