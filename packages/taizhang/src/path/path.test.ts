import { describe, expect, test } from 'vitest';
import { seededRandom } from '../ir/random.ts';
import { buildNetwork } from '../network/build-network.ts';
import { simplifyNetwork } from '../network/simplify-network.ts';
import { gridCircuit } from '../testing/random-circuits.ts';
import { anneal } from './anneal.ts';
import { cloneTree, contractionOrder, createTree, linkStem, refresh, totalCost, widest } from './contraction-tree.ts';
import { reconfigure } from './reconfigure.ts';
import { searchPath } from './search-path.ts';
import { clearSlices, slicedVariables, sliceOne } from './slice.ts';
import { startOrders } from './start-orders.ts';

const network = simplifyNetwork(buildNetwork(gridCircuit(4, 5, 24, 3), new Array(20).fill(0)));
const numbers = new Map<number, number>();
for (const { variables } of network.factors)
  for (const v of variables) if (!numbers.has(v)) numbers.set(v, numbers.size);
const leafVariables = network.factors.map(({ variables }) => variables.map((v) => numbers.get(v)!));

function stem() {
  const tree = createTree(leafVariables, [], numbers.size);
  linkStem(tree, startOrders(network)[1]!);
  return tree;
}

/** The tree's own sets, costs and sizes must be those that a fresh computation from its links gives. */
function expectConsistent(tree: ReturnType<typeof stem>) {
  const fresh = cloneTree(tree);
  refresh(fresh);
  expect([...tree.sets]).toEqual([...fresh.sets]);
  expect([...tree.macs]).toEqual([...fresh.macs]);
  expect([...tree.size]).toEqual([...fresh.size]);
  expect(contractionOrder(tree)).toHaveLength(tree.leaves - 1);
}

describe('the contraction tree', () => {
  test('[T1] simplification leaves only factors of two variables and variables of three neighbours or more', () => {
    const near = new Map<number, Set<number>>();
    for (const { variables } of network.factors) {
      expect(variables.length).toBe(2);
      for (const v of variables)
        near.set(v, (near.get(v) ?? new Set()).add(variables[0] === v ? variables[1]! : variables[0]!));
    }
    for (const set of near.values()) expect(set.size).toBeGreaterThanOrEqual(3);
  });

  test('[T2] annealing lowers the cost and keeps every set true', () => {
    const tree = stem();
    const before = totalCost(tree);
    anneal(tree, { steps: 200_000, from: 0.6, to: 0.1, random: seededRandom(1) });
    expectConsistent(tree);
    expect(totalCost(tree)).toBeLessThan(before / 2);
  });

  test('[T7] the WebAssembly moves are those of the plain loop, one by one', () => {
    const [plain, wasm] = [stem(), stem()];
    for (const [tree, kernel] of [
      [plain, 'plain'],
      [wasm, 'wasm'],
    ] as const)
      anneal(tree, { steps: 50_000, from: 1, to: 0.2, maxSize: 16, random: seededRandom(5), kernel });
    expect([...wasm.left]).toEqual([...plain.left]);
    expect([...wasm.sets]).toEqual([...plain.sets]);
    expect(totalCost(wasm)).toBe(totalCost(plain));
  });

  test('[T3] annealing under a size limit never makes a larger tensor', () => {
    const tree = stem();
    const limit = widest(tree);
    anneal(tree, { steps: 100_000, from: 3, to: 3, maxSize: limit, random: seededRandom(2) });
    expectConsistent(tree);
    expect(widest(tree)).toBeLessThanOrEqual(limit);
  });

  test('[T4] windows are solved exactly: reconfiguring never costs more, and finds nothing twice', () => {
    const tree = stem();
    const random = seededRandom(3);
    let cost = totalCost(tree);
    for (let pass = 0; pass < 5; pass++) {
      reconfigure(tree, contractionOrder(tree), 7, 1e9, random);
      expectConsistent(tree);
      expect(totalCost(tree)).toBeLessThanOrEqual(cost * (1 + 1e-12));
      cost = totalCost(tree);
    }
  });

  test('[T5] slicing narrows the widest tensors, and dropping the slices restores the tree', () => {
    const tree = stem();
    const before = cloneTree(tree);
    while (widest(tree) > widest(before) - 3) expect(sliceOne(tree, 0, seededRandom(4))).toBeGreaterThanOrEqual(0);
    expectConsistent(tree);
    expect(slicedVariables(tree).length).toBe(tree.slicedCount);
    clearSlices(tree);
    expect([...tree.macs]).toEqual([...before.macs]);
  });

  test('[T6] the search stays under the size limit and repeats itself for a seed', () => {
    const options = { maxSize: 9, seed: 8, rounds: 2 };
    const found = searchPath(network, options)!;
    expect(widest(found.tree)).toBeLessThanOrEqual(9);
    expect([...searchPath(network, options)!.tree.left]).toEqual([...found.tree.left]);
    expectConsistent(found.tree);
  });
});
