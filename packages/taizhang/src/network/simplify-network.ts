import type { Factor, Network } from './build-network.ts';

/**
 * Shrinks the network without making any tensor larger: a factor whose variables lie within another's is multiplied into
 * it, and a variable is summed away when what is left has at most two variables (degree ≤ 2 in the graphical model), or
 * no more variables than one of the factors that held it. Numbers become part of `scale`; factors are scaled so that
 * partial contractions stay near 1 and complex64 keeps its range.
 */
export function simplifyNetwork(network: Network): Network {
  let { re, im } = network.scale;
  const open = new Set(network.open);
  const live = new Map<number, Factor>();
  const holders = new Map<number, Set<number>>();
  let nextId = 0;

  const add = (factor: Factor) => {
    const id = nextId++;
    live.set(id, factor);
    for (const variable of factor.variables) {
      const set = holders.get(variable) ?? new Set();
      set.add(id);
      holders.set(variable, set);
    }
  };
  const remove = (id: number): Factor => {
    const factor = live.get(id)!;
    live.delete(id);
    for (const variable of factor.variables) holders.get(variable)!.delete(id);
    return factor;
  };
  /** Puts a factor in, merging it with every factor on a subset or superset of its variables. */
  const absorb = (start: Factor) => {
    let factor = start;
    for (;;) {
      if (factor.variables.length === 0) {
        const [a, b] = [factor.data[0]!, factor.data[1]!];
        [re, im] = [re * a - im * b, re * b + im * a];
        return;
      }
      const mine = new Set(factor.variables);
      const near = new Set<number>();
      for (const variable of mine) for (const id of holders.get(variable) ?? []) near.add(id);
      const match = [...near].find((id) => {
        const other = live.get(id)!.variables;
        const shared = other.filter((variable) => mine.has(variable)).length;
        return shared === other.length || shared === mine.size;
      });
      if (match === undefined) break;
      factor = multiplyFactors(factor, remove(match));
    }
    add(factor);
  };
  for (const factor of network.factors) absorb(factor);

  const queue = [...holders.keys()];
  const queued = new Set(queue);
  while (queue.length > 0) {
    const variable = queue.pop()!;
    queued.delete(variable);
    const ids = [...(holders.get(variable) ?? [])];
    if (open.has(variable) || ids.length === 0) continue;
    const union = new Set<number>();
    let widest = 0;
    for (const id of ids) {
      const { variables } = live.get(id)!;
      widest = Math.max(widest, variables.length);
      for (const other of variables) union.add(other);
    }
    union.delete(variable);
    if (union.size > Math.max(2, widest)) continue;
    const product = ids.map(remove).reduce(multiplyFactors);
    absorb(sumOut(product, variable));
    for (const other of union)
      if (!queued.has(other)) {
        queued.add(other);
        queue.push(other);
      }
  }

  const factors = [...live.values()].map((factor) => {
    const largest = factor.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) {
      re = im = 0;
      return factor;
    }
    // Summing a variable makes entries √2 larger when they are random: its factors share that out beforehand.
    let target = 1;
    for (const variable of factor.variables)
      if (!open.has(variable)) target *= 2 ** (-0.5 / holders.get(variable)!.size);
    re *= largest / target;
    im *= largest / target;
    return { variables: factor.variables, data: factor.data.map((value) => (value / largest) * target) };
  });
  return { ...network, factors, scale: { re, im } };
}

/** The pointwise product over the union of the variables. */
export function multiplyFactors(a: Factor, b: Factor): Factor {
  const variables = [...a.variables, ...b.variables.filter((variable) => !a.variables.includes(variable))];
  const rank = variables.length;
  const offsets = (factor: Factor) =>
    variables.map((variable) => {
      const at = factor.variables.indexOf(variable);
      return at < 0 ? 0 : 1 << (factor.variables.length - 1 - at);
    });
  const aStrides = offsets(a);
  const bStrides = offsets(b);
  const data = new Float64Array(2 << rank);
  for (let index = 0; index < 1 << rank; index++) {
    let ia = 0;
    let ib = 0;
    for (let i = 0; i < rank; i++)
      if ((index >> (rank - 1 - i)) & 1) {
        ia += aStrides[i]!;
        ib += bStrides[i]!;
      }
    const [ar, ai, br, bi] = [a.data[2 * ia]!, a.data[2 * ia + 1]!, b.data[2 * ib]!, b.data[2 * ib + 1]!];
    data[2 * index] = ar * br - ai * bi;
    data[2 * index + 1] = ar * bi + ai * br;
  }
  return { variables, data };
}

/** Sums the factor over both values of one variable. */
export function sumOut(factor: Factor, variable: number): Factor {
  const rank = factor.variables.length;
  const stride = 1 << (rank - 1 - factor.variables.indexOf(variable));
  const data = new Float64Array(1 << rank);
  let to = 0;
  for (let index = 0; index < 1 << rank; index++) {
    if (index & stride) continue;
    data[to++] = factor.data[2 * index]! + factor.data[2 * (index + stride)]!;
    data[to++] = factor.data[2 * index + 1]! + factor.data[2 * (index + stride) + 1]!;
  }
  return { variables: factor.variables.filter((other) => other !== variable), data };
}
