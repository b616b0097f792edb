import type { Kernel } from '../kernel/kernel-interface.ts';
import type { StepPlan } from './plan-step.ts';

/** Multiply-adds after which a runner pauses: some tens of milliseconds of kernel time. */
export const pauseMacs = 2 ** 26;

/** Where a step's tensors, tables and scratch lie, in bytes. `a` and `c` may be the same when the strides agree. */
export interface StepPlace {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly tables: number;
  readonly panel: number;
  readonly packed: number;
}

/**
 * Runs one contraction, or the `part`th of `parts` equal shares of its rows. Pauses after each piece of work of some tens
 * of milliseconds.
 */
export function* runStep(
  kernel: Kernel,
  place: StepPlace,
  step: StepPlan,
  part = 0,
  parts = 1,
): Generator<void, void, void> {
  if (step.longSumEntries === 0) return yield* runBlock(kernel, place, step, part, parts);
  const length = 2 * step.longSumEntries;
  const result =
    step.realBytes === 4
      ? new Float32Array(kernel.buffer, place.c, length)
      : new Float64Array(kernel.buffer, place.c, length);
  const sum = new Float64Array(length);
  for (const [a, b] of step.outerSums) {
    yield* runBlock(kernel, { ...place, a: place.a + a!, b: place.b + b! }, step, 0, 1);
    for (let i = 0; i < length; i++) sum[i] = sum[i]! + result[i]!;
  }
  result.set(sum);
}

function* runBlock(
  kernel: Kernel,
  place: StepPlace,
  step: StepPlan,
  part: number,
  parts: number,
): Generator<void, void, void> {
  const { a, b, c, tables: t } = place;
  const contract = kernel.contract[step.columns];
  const macsPerCall =
    2 ** step.macs /
    (step.outerBatch.length * step.outerColumns.length * step.outerRows.length * step.outerSums.length);
  let sincePause = 0;
  for (const [aBatch, bBatch, cBatch] of step.outerBatch)
    for (const [bColumn, cColumn] of step.outerColumns) {
      kernel.pack(
        b + bBatch! + bColumn!,
        place.packed,
        t + step.packBatchTable,
        step.batchCount,
        t + step.packKTable,
        step.kCount,
        t + step.packNTable,
        step.nCount,
        step.columns,
      );
      for (let row = part; row < step.outerRows.length; row += parts) {
        const [aRow, cRow] = step.outerRows[row]!;
        contract(
          a + aBatch! + aRow!,
          c + cBatch! + cColumn! + cRow!,
          place.packed,
          place.panel,
          t + step.batchTable,
          step.batchCount,
          t + step.midTable,
          step.midCount,
          t + step.lowTable,
          step.lowGroups,
          t + step.kTable,
          step.kCount,
          t + step.nTable,
          step.nCount,
          step.flags,
        );
        sincePause += macsPerCall;
        if (sincePause >= pauseMacs) {
          sincePause = 0;
          yield;
        }
      }
    }
}
