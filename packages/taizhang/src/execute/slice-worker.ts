import type { Chunk } from './chunks.ts';
import { compileProgram } from './compile-program.ts';
import type { ContractionPlan } from './contraction-plan.ts';
import { createSliceRunner, type SliceRunner } from './slice-runner.ts';
import { workerPort } from './worker-port.ts';

/** To a slice worker: first the plan, then chunks. */
export type SliceRequest =
  | { readonly kind: 'plan'; readonly plan: ContractionPlan; readonly kernel: 'simd' | 'plain' }
  | { readonly kind: 'chunk'; readonly chunk: Chunk };

/** From a slice worker. */
export type SliceReply =
  | { readonly kind: 'ready'; readonly bytes: number }
  | { readonly kind: 'slice' }
  | { readonly kind: 'chunk'; readonly index: number; readonly sum: Float64Array };

/** Adds up the slices of a chunk in rising order, in double precision. */
export function* sumChunk(runner: SliceRunner, chunk: Chunk, onSlice: () => void): Generator<void, Float64Array, void> {
  let sum: Float64Array | null = null;
  for (let i = 0; i < chunk.count; i++) {
    const share: Float64Array = yield* runner.run(chunk.start + i);
    if (sum === null) sum = share;
    else for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + share[j]!;
    onSlice();
    yield;
  }
  return sum ?? new Float64Array(0);
}

const port = workerPort<SliceRequest, SliceReply>('slice');
let runner: SliceRunner | null = null;
port?.listen((request) => {
  if (request.kind === 'plan') {
    runner = createSliceRunner(compileProgram(request.plan), request.kernel);
    port.post({ kind: 'ready', bytes: runner.bytes });
    return;
  }
  const work = sumChunk(runner!, request.chunk, () => port.post({ kind: 'slice' }));
  let step = work.next();
  while (!step.done) step = work.next();
  port.post({ kind: 'chunk', index: request.chunk.index, sum: step.value });
});
