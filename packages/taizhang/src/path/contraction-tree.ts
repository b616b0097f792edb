/**
 * A binary tree of pairwise contractions over sets of two-valued variables, kept in flat arrays for speed. Nodes
 * 0…leaves-1 are the factors, the rest are contractions; node `words`-long rows of `sets` say which variables are open.
 */
export interface ContractionTree {
  readonly leaves: number;
  readonly words: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
  /** Open variables of each node, sliced ones left out. */
  readonly sets: Int32Array;
  /** Leaf sets and result set as they are without slicing. */
  readonly leafSets: Int32Array;
  readonly rootSet: Int32Array;
  readonly sliced: Int32Array;
  /** log2 of the multiply-adds of the contraction at each inner node, within one slice. */
  readonly macs: Int32Array;
  /** log2 of the entries of the tensor at each node. */
  readonly size: Int32Array;
  root: number;
  slicedCount: number;
}

/** The leaves' variable sets as bit rows. Variables are numbered densely from 0. */
export function createTree(leafVariables: readonly (readonly number[])[], open: readonly number[], variables: number) {
  const leaves = leafVariables.length;
  // An even number of words, so that kernels may take two at a time.
  const words = 2 * Math.max(1, Math.ceil(variables / 64));
  const nodes = 2 * leaves - 1;
  const tree: ContractionTree = {
    leaves,
    words,
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    parent: new Int32Array(nodes).fill(-1),
    sets: new Int32Array(nodes * words),
    leafSets: new Int32Array(leaves * words),
    rootSet: new Int32Array(words),
    sliced: new Int32Array(words),
    macs: new Int32Array(nodes),
    size: new Int32Array(nodes),
    root: nodes - 1,
    slicedCount: 0,
  };
  const mark = (sets: Int32Array, row: number, variable: number) => {
    const at = row * words + (variable >>> 5);
    sets[at] = sets[at]! | (1 << (variable & 31));
  };
  leafVariables.forEach((set, leaf) => {
    for (const variable of set) mark(tree.leafSets, leaf, variable);
  });
  for (const variable of open) mark(tree.rootSet, 0, variable);
  return tree;
}

/** Bits set in a 32-bit word (Hacker's Delight, figure 5-2). */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Links the tree as one long stem: ((f0 f1) f2) f3 … in the given order of the leaves. */
export function linkStem(tree: ContractionTree, order: ArrayLike<number>): void {
  const { leaves, left, right, parent } = tree;
  let stem = order[0]!;
  for (let i = 1; i < leaves; i++) {
    const node = leaves + i - 1;
    left[node] = stem;
    right[node] = order[i]!;
    parent[stem] = node;
    parent[order[i]!] = node;
    stem = node;
  }
  parent[stem] = -1;
  tree.root = stem;
  refresh(tree);
}

/** Inner nodes, children before parents. */
export function contractionOrder(tree: ContractionTree): number[] {
  const order: number[] = [];
  const stack = tree.root >= tree.leaves ? [tree.root] : [];
  while (stack.length > 0) {
    const node = stack.pop()!;
    order.push(node);
    for (const child of [tree.left[node]!, tree.right[node]!]) if (child >= tree.leaves) stack.push(child);
  }
  return order.reverse();
}

/** Recomputes every set, cost and size from the leaves, the links and the sliced variables. */
export function refresh(tree: ContractionTree): void {
  const { leaves, words, left, right, sets, leafSets, rootSet, sliced, size, root } = tree;
  const order = contractionOrder(tree);
  for (let leaf = 0; leaf < leaves; leaf++) {
    let count = 0;
    for (let w = 0; w < words; w++) {
      const word = leafSets[leaf * words + w]! & ~sliced[w]!;
      sets[leaf * words + w] = word;
      count += popcount(word);
    }
    size[leaf] = count;
  }
  for (const node of order)
    for (let w = 0; w < words; w++)
      sets[node * words + w] = sets[left[node]! * words + w]! | sets[right[node]! * words + w]!;
  // From the root down: a variable stays open only if someone outside the node still needs it.
  if (root >= leaves) for (let w = 0; w < words; w++) sets[root * words + w] = rootSet[w]! & ~sliced[w]!;
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const l = left[node]!;
    const r = right[node]!;
    for (let w = 0; w < words; w++) {
      const outer = sets[node * words + w]!;
      const a = sets[l * words + w]!;
      const b = sets[r * words + w]!;
      if (l >= leaves) sets[l * words + w] = a & (outer | b);
      if (r >= leaves) sets[r * words + w] = b & (outer | a);
    }
  }
  for (const node of order) measure(tree, node);
}

/** Sets `macs` and `size` of one inner node from the sets. */
export function measure(tree: ContractionTree, node: number): void {
  const { words, left, right, sets } = tree;
  const l = left[node]! * words;
  const r = right[node]! * words;
  let macs = 0;
  let size = 0;
  for (let w = 0; w < words; w++) {
    macs += popcount(sets[l + w]! | sets[r + w]!);
    size += popcount(sets[node * words + w]!);
  }
  tree.macs[node] = macs;
  tree.size[node] = size;
}

/** What one entry of a tensor written and read again costs, in multiply-adds: measured memory speed over kernel speed. */
export const trafficWeight = 8;

/** Powers of two from 2^-64 to 2^447, to save calls of Math.pow in the inner loops; see `power`. */
export const powers = Float64Array.from({ length: 512 }, (_, i) => 2 ** (i - 64));

export function power(log2: number): number {
  return powers[log2 + 64]!;
}

/** Cost of one slice: multiply-adds plus weighted memory traffic. */
export function sliceCost(tree: ContractionTree): number {
  let cost = 0;
  for (let node = tree.leaves; node < 2 * tree.leaves - 1; node++)
    cost += power(tree.macs[node]!) + trafficWeight * power(tree.size[node]!);
  return cost;
}

/** Cost over all slices. */
export function totalCost(tree: ContractionTree): number {
  return sliceCost(tree) * 2 ** tree.slicedCount;
}

/** log2 of the largest tensor of a slice. */
export function widest(tree: ContractionTree): number {
  let most = 0;
  for (const size of tree.size) if (size > most) most = size;
  return most;
}

/** Copies links and slices from one tree to another of the same leaves. */
export function copyTree(from: ContractionTree, to: ContractionTree): void {
  to.left.set(from.left);
  to.right.set(from.right);
  to.parent.set(from.parent);
  to.sets.set(from.sets);
  to.sliced.set(from.sliced);
  to.macs.set(from.macs);
  to.size.set(from.size);
  to.root = from.root;
  to.slicedCount = from.slicedCount;
}

/** A second tree of the same leaves. */
export function cloneTree(tree: ContractionTree): ContractionTree {
  return {
    ...tree,
    left: tree.left.slice(),
    right: tree.right.slice(),
    parent: tree.parent.slice(),
    sets: tree.sets.slice(),
    sliced: tree.sliced.slice(),
    macs: tree.macs.slice(),
    size: tree.size.slice(),
  };
}
