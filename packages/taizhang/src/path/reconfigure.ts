import type { Random } from '../ir/random.ts';
import { type ContractionTree, popcount, power, trafficWeight } from './contraction-tree.ts';

/**
 * Replaces small subtrees by optimal ones: takes a node, opens its largest inner descendants until `width` branches
 * hang below, and finds the best order of those by dynamic programming over subsets (the exact method of Pfeifer,
 * Haegeman and Verstraete, arXiv 1304.6112, on a window; windows as in Gray and Kourtis, arXiv 2002.01935).
 *
 * @param nodes Inner nodes to try as window roots, in this order.
 * @returns How many windows were improved.
 */
export function reconfigure(
  tree: ContractionTree,
  nodes: readonly number[],
  width: number,
  maxSize: number,
  random: Random,
): number {
  const solver = windowSolver(tree.words, width);
  let improved = 0;
  for (const node of nodes) if (improveWindow(tree, node, width, maxSize, solver, random)) improved++;
  return improved;
}

interface WindowSolver {
  readonly union: Int32Array;
  readonly open: Int32Array;
  readonly cost: Float64Array;
  readonly split: Int32Array;
  /** Rows of the branches and of the window's root over the window's own variables. */
  readonly compact: Int32Array;
}

function windowSolver(words: number, width: number): WindowSolver {
  return {
    union: new Int32Array(words << width),
    open: new Int32Array(words << width),
    cost: new Float64Array(1 << width),
    split: new Int32Array(1 << width),
    compact: new Int32Array(words * (width + 1)),
  };
}

function improveWindow(
  tree: ContractionTree,
  top: number,
  width: number,
  maxSize: number,
  solver: WindowSolver,
  random: Random,
): boolean {
  const { leaves, words, left, right, parent, sets, macs, size } = tree;
  const branches = [left[top]!, right[top]!];
  const inner: number[] = [];
  while (branches.length < width) {
    let pick = -1;
    let best = -1;
    branches.forEach((branch, i) => {
      if (branch < leaves) return;
      const worth = macs[branch]! + random() * 2;
      if (worth > best) {
        best = worth;
        pick = i;
      }
    });
    if (pick < 0) break;
    const node = branches[pick]!;
    inner.push(node);
    branches[pick] = left[node]!;
    branches.push(right[node]!);
  }
  const k = branches.length;
  if (k < 3) return false;
  const full = (1 << k) - 1;

  let before = power(macs[top]!);
  for (const node of inner) before += power(macs[node]!) + trafficWeight * power(size[node]!);

  // The window's own variables, numbered densely: a row is then two or three words instead of all.
  const variables: number[] = [];
  for (let w = 0; w < words; w++) {
    let any = 0;
    for (const branch of branches) any |= sets[branch * words + w]!;
    for (; any !== 0; any &= any - 1) variables.push(w * 32 + 31 - Math.clz32(any & -any));
  }
  const n = Math.max(1, Math.ceil(variables.length / 32));
  const { compact } = solver;
  compact.fill(0, 0, (k + 1) * n);
  for (let b = 0; b <= k; b++) {
    const from = (b < k ? branches[b]! : top) * words;
    variables.forEach((variable, i) => {
      const bit = (sets[from + (variable >>> 5)]! >>> (variable & 31)) & 1;
      const to = b * n + (i >>> 5);
      compact[to] = compact[to]! | (bit << (i & 31));
    });
  }
  const { union, open, cost, split } = solver;
  union.fill(0, 0, n);
  for (let s = 1; s <= full; s++) {
    const low = s & -s;
    const branch = 31 - Math.clz32(low);
    for (let i = 0; i < n; i++) union[s * n + i] = union[(s ^ low) * n + i]! | compact[branch * n + i]!;
  }
  for (let s = 1; s <= full; s++)
    for (let i = 0; i < n; i++)
      open[s * n + i] = union[s * n + i]! & (union[(full ^ s) * n + i]! | compact[k * n + i]!);

  for (let s = 1; s <= full; s++) {
    if ((s & (s - 1)) === 0) {
      cost[s] = 0;
      continue;
    }
    let entries = 0;
    for (let i = 0; i < n; i++) entries += popcount(open[s * n + i]!);
    let best = Number.POSITIVE_INFINITY;
    if (s === full || entries <= maxSize) {
      const low = s & -s;
      for (let a = (s - 1) & s; a > 0; a = (a - 1) & s) {
        if ((a & low) === 0) continue;
        const b = s ^ a;
        const sum = cost[a]! + cost[b]!;
        if (sum >= best) continue;
        let work = 0;
        for (let i = 0; i < n; i++) work += popcount(open[a * n + i]! | open[b * n + i]!);
        const total = sum + power(work);
        if (total < best) {
          best = total;
          split[s] = a;
        }
      }
      if (s !== full) best += trafficWeight * power(entries);
    }
    cost[s] = best;
  }
  if (!(cost[full]! < before * (1 - 1e-9))) return false;

  // Rebuild the window with the same node numbers.
  let next = 0;
  const build = (s: number, node: number) => {
    const place = (part: number): number => {
      if ((part & (part - 1)) === 0) return branches[31 - Math.clz32(part)]!;
      const fresh = inner[next++]!;
      build(part, fresh);
      return fresh;
    };
    const a = split[s]!;
    const l = place(a);
    const r = place(s ^ a);
    left[node] = l;
    right[node] = r;
    parent[l] = node;
    parent[r] = node;
    if (node !== top) {
      for (let w = 0; w < words; w++) sets[node * words + w] = 0;
      variables.forEach((variable, i) => {
        if (((open[s * n + (i >>> 5)]! >>> (i & 31)) & 1) === 0) return;
        const to = node * words + (variable >>> 5);
        sets[to] = sets[to]! | (1 << (variable & 31));
      });
    }
    let work = 0;
    let entries = 0;
    for (let w = 0; w < words; w++) {
      work += popcount(sets[l * words + w]! | sets[r * words + w]!);
      entries += popcount(sets[node * words + w]!);
    }
    macs[node] = work;
    size[node] = entries;
  };
  build(full, top);
  return true;
}
