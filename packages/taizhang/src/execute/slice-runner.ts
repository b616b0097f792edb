import { createKernel } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel-interface.ts';
import type { Program } from './compile-program.ts';
import type { StepPlan } from './plan-step.ts';
import { pauseMacs, runStep } from './run-step.ts';

/** Runs the slices of one program in memory of its own. */
export interface SliceRunner {
  readonly kernel: Kernel['kind'];
  readonly bytes: number;
  /**
   * The slice's share of the result, over the open variables (first = highest bit), re and im in turn, scale left out.
   * A generator that pauses after each piece of work of at most some tens of milliseconds.
   */
  readonly run: (slice: number) => Generator<void, Float64Array, void>;
}

/**
 * @param kind See `createKernel`.
 * @throws RangeError when the memory cannot be had.
 */
export function createSliceRunner(program: Program, kind: 'simd' | 'plain' = 'simd'): SliceRunner {
  const { plan, layouts, address, tables } = program;
  const kernel = createKernel(plan.realBytes, program.bytes, kind);
  new Int32Array(kernel.buffer, tables.base, tables.bytes() / 4).set(tables.words());
  const slicedAt = new Map(plan.sliced.map((variable, i) => [variable, i]));
  const leaves = plan.factors.length;
  let prepared = false;

  const writeLeaf = (leaf: number, slice: number) => {
    const { variables, data } = plan.factors[leaf]!;
    const layout = layouts[leaf]!;
    const strideOf = (variable: number) => 2 ** (variables.length - 1 - variables.indexOf(variable));
    let base = 0;
    for (const variable of variables) {
      const bit = slicedAt.get(variable);
      if (bit !== undefined && Math.floor(slice / 2 ** bit) % 2 === 1) base += strideOf(variable);
    }
    const strides = layout.map(strideOf);
    const out = realView(kernel.buffer, plan.realBytes, address[leaf]!, 2 << layout.length);
    for (let index = 0; index < 1 << layout.length; index++) {
      let from = base;
      strides.forEach((stride, i) => {
        if ((index >> (layout.length - 1 - i)) & 1) from += stride;
      });
      out[2 * index] = data[2 * from]!;
      out[2 * index + 1] = data[2 * from + 1]!;
    }
  };
  const placeOf = (step: StepPlan) => ({
    a: address[step.a]!,
    b: address[step.b]!,
    c: address[step.node]!,
    tables: tables.base,
    ...program.scratch,
  });
  const root = leaves + plan.pairs.length - 1;

  function* runAll(steps: readonly StepPlan[]): Generator<void, void, void> {
    let sincePause = 0;
    for (const step of steps) {
      yield* runStep(kernel, placeOf(step), step);
      sincePause += 2 ** step.macs;
      if (sincePause < pauseMacs) continue;
      sincePause = 0;
      yield;
    }
  }

  function* run(slice: number): Generator<void, Float64Array, void> {
    if (!prepared) {
      for (let leaf = 0; leaf < leaves; leaf++) writeLeaf(leaf, 0);
      yield* runAll(program.once);
      prepared = true;
    }
    for (let leaf = 0; leaf < leaves; leaf++)
      if (plan.factors[leaf]!.variables.some((variable) => slicedAt.has(variable))) writeLeaf(leaf, slice);
    yield* runAll(program.perSlice);
    return readResult(program, realView(kernel.buffer, plan.realBytes, address[root]!, 2 << plan.open.length));
  }
  return { kernel: kernel.kind, bytes: program.bytes, run };
}

function realView(buffer: ArrayBufferLike, realBytes: 4 | 8, at: number, length: number) {
  return realBytes === 4 ? new Float32Array(buffer, at, length) : new Float64Array(buffer, at, length);
}

/** The root tensor in the order of the open variables. */
function readResult(program: Program, from: Float32Array | Float64Array): Float64Array {
  const { plan, layouts } = program;
  const layout = layouts[layouts.length - 1]!;
  const rank = layout.length;
  const out = new Float64Array(2 << rank);
  const strides = plan.open.map((variable) => 2 ** (rank - 1 - layout.indexOf(variable)));
  for (let index = 0; index < 2 ** rank; index++) {
    let source = 0;
    strides.forEach((stride, i) => {
      if (Math.floor(index / 2 ** (rank - 1 - i)) % 2 === 1) source += stride;
    });
    out[2 * index] = from[2 * source]!;
    out[2 * index + 1] = from[2 * source + 1]!;
  }
  return out;
}
