import { chooseOrder } from './choose-order.ts';
import type { ContractionPlan } from './contraction-plan.ts';
import { type ArenaPlan, planArena } from './plan-arena.ts';
import { planStep, type StepPlan, stridesOf } from './plan-step.ts';
import { createTables, type Tables } from './tables.ts';

export interface Program {
  readonly plan: ContractionPlan;
  /** Variables of each tensor within a slice, highest bit first. */
  readonly layouts: readonly (readonly number[])[];
  readonly address: Float64Array;
  /** Steps free of sliced variables, run once; then those of every slice. */
  readonly once: readonly StepPlan[];
  readonly perSlice: readonly StepPlan[];
  readonly tables: Tables;
  readonly scratch: { readonly panel: number; readonly packed: number };
  /** Bytes of the kernels' memory. */
  readonly bytes: number;
  /** Bytes that long sums take beside it. */
  readonly sumBytes: number;
}

/**
 * Turns a plan into addresses and table offsets for the kernels. Variables are laid out by when they are summed: the
 * sooner, the higher the bit, so that most contractions read and write whole cache lines without any transposition.
 */
export function compileProgram(plan: ContractionPlan): Program {
  const leaves = plan.factors.length;
  const sliced = new Set(plan.sliced);
  const nodes = leaves + plan.pairs.length;
  const order = chooseOrder(plan);

  const sets: (readonly number[])[] = plan.factors.map(({ variables }) => variables.filter((v) => !sliced.has(v)));
  const variant: boolean[] = plan.factors.map(({ variables }) => variables.some((v) => sliced.has(v)));
  const parent = new Int32Array(nodes).fill(-1);
  const uses = new Map<number, number>();
  for (const { variables } of plan.factors)
    for (const v of variables) if (!sliced.has(v)) uses.set(v, (uses.get(v) ?? 0) + 1);
  for (const v of plan.open) uses.set(v, (uses.get(v) ?? 0) + 1);
  plan.pairs.forEach(([l, r], i) => {
    parent[l] = leaves + i;
    parent[r] = leaves + i;
    variant[leaves + i] = variant[l]! || variant[r]!;
  });

  // A variable dies at the step after which no tensor but the result of that step holds it.
  const death = new Map<number, number>();
  const left = new Map(uses);
  order.forEach((node, step) => {
    const [l, r] = plan.pairs[node - leaves]!;
    const other = new Set(sets[r]!);
    const out: number[] = [...sets[r]!];
    for (const v of sets[l]!) {
      if (!other.has(v)) out.push(v);
      else left.set(v, left.get(v)! - 1);
    }
    sets[node] = out.filter((v) => {
      if (left.get(v)! > 1) return true;
      death.set(v, step);
      return false;
    });
  });
  const deathOf = (v: number) => death.get(v) ?? Number.POSITIVE_INFINITY;
  const byDeath = (set: readonly number[]) => [...set].sort((a, b) => deathOf(a) - deathOf(b) || a - b);

  const layouts: (readonly number[])[] = [];
  for (let leaf = 0; leaf < leaves; leaf++) layouts[leaf] = byDeath(sets[leaf]!);
  const stepOf = new Int32Array(nodes);
  order.forEach((node, step) => {
    stepOf[node] = step;
  });
  const sides = new Map<number, readonly [number, number]>();
  const laneBits = plan.realBytes === 4 ? 2 : 1;
  for (const node of order) {
    const [l, r] = plan.pairs[node - leaves]!;
    const [a, b] = sets[l]!.length >= sets[r]!.length ? [l, r] : [r, l];
    sides.set(node, [a, b]);
    const nextStep = parent[node]! < 0 ? -1 : stepOf[parent[node]!]!;
    layouts[node] = resultLayout(
      byDeath(sets[node]!),
      layouts[a]!,
      new Set(sets[b]!),
      laneBits,
      (v) => nextStep >= 0 && deathOf(v) === nextStep,
    );
  }

  const arena: ArenaPlan = planArena(plan, order, layouts, variant);
  const tables = createTables();
  const steps = order.map((node) => {
    const [a, b] = sides.get(node)!;
    const strides = (tensor: number) => stridesOf(layouts[tensor]!, plan.realBytes);
    return planStep(tables, { node, a, b }, { a: strides(a), b: strides(b), c: strides(node) }, plan.realBytes);
  });
  const panelBytes = steps.reduce((most, step) => Math.max(most, step.panelBytes), 0);
  const packedBytes = steps.reduce((most, step) => Math.max(most, step.packedBytes), 0);
  // Memory: scratch, tables, tensors. Addresses of tensors were planned from 0 and move up by `base`.
  const panel = 64;
  const packed = align(panel + panelBytes);
  tables.base = align(packed + packedBytes);
  const base = align(tables.base + tables.bytes());
  const address = arena.address.map((value) => value + base);
  return {
    plan,
    layouts,
    address,
    once: steps.filter((step) => !variant[step.node]),
    perSlice: steps.filter((step) => variant[step.node]),
    tables,
    scratch: { panel, packed },
    bytes: base + arena.bytes,
    sumBytes: steps.reduce((most, step) => Math.max(most, 16 * step.longSumEntries), 0),
  };
}

const align = (bytes: number) => Math.ceil(bytes / 64) * 64;

/**
 * Orders the result's variables by death, but keeps at the lowest bits variables that come straight from A: best the
 * ones that lie lowest in A already, so that both sides of the step move whole vectors; else the longest-lived.
 */
function resultLayout(
  sorted: readonly number[],
  aLayout: readonly number[],
  inB: ReadonlySet<number>,
  laneBits: number,
  diesNext: (variable: number) => boolean,
): number[] {
  const lowOfA = aLayout.slice(-laneBits);
  const rows = new Set(aLayout.filter((v) => !inB.has(v)));
  let low: number[] = [];
  if (lowOfA.length === laneBits && lowOfA.every((v) => rows.has(v) && !diesNext(v))) low = lowOfA;
  else {
    const lasting = sorted.filter((v) => rows.has(v) && !diesNext(v));
    low = lasting.slice(-laneBits);
    if (low.length < laneBits) low = sorted.filter((v) => rows.has(v)).slice(-laneBits);
  }
  const atLow = new Set(low);
  return [...sorted.filter((v) => !atLow.has(v)), ...low];
}
