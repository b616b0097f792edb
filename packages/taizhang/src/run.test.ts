import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AbortedError, BudgetExceededError, TaizhangError, WorkerLostError } from './errors.ts';
import { memoryCheckpoint } from './execute/checkpoint.ts';
import { spawnSliceWorker } from './execute/spawn-slice-worker.ts';
import { openFileCheckpoint } from './node.ts';
import { type Plan, plan } from './plan.ts';
import { run } from './run.ts';
import { gridCircuit } from './testing/random-circuits.ts';

const folder = mkdtempSync(join(tmpdir(), 'taizhang-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const circuit = gridCircuit(5, 5, 28, 11);
/** A plan cut into many slices, in complex64. */
const sliced: Plan = forced(plan(circuit, { bitstring: '0'.repeat(25), searchRounds: 1, seed: 4, maxLog2Size: 8 }));
const whole = await run(sliced, { workers: 0 });

function forced(made: Plan): Plan {
  return { ...made, precision: 64, contraction: { ...made.contraction, realBytes: 4 } };
}

describe('the sum of slices', () => {
  test('[R1] is the same bit for bit with no worker, one worker and two', async () => {
    expect(sliced.slices).toBeGreaterThanOrEqual(8);
    const one = await run(sliced, { workers: 1 });
    const two = await run(sliced, { workers: 2 });
    expect([...one.value]).toEqual([...whole.value]);
    expect([...two.value]).toEqual([...whole.value]);
  });

  test('[R2] of a share of the slices is reported with its fidelity, and goes on from a checkpoint to the same bits', async () => {
    const checkpoint = memoryCheckpoint();
    const part = await run(sliced, { workers: 0, maxFraction: 0.25, checkpoint });
    expect(part.fidelity).toBeCloseTo(0.25, 12);
    expect([...part.value]).not.toEqual([...whole.value]);
    const rest = await run(sliced, { workers: 0, checkpoint });
    expect(rest.stats.slicesFromCheckpoint).toBe(sliced.slices / 4);
    expect([...rest.value]).toEqual([...whole.value]);
  });

  test('[R3] survives kill -9 in the middle and a torn last record', async () => {
    const path = join(folder, 'killed.checkpoint');
    const planPath = join(folder, 'plan.json');
    writeFileSync(planPath, JSON.stringify(sliced));
    const script = join(folder, 'child.ts');
    const from = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
    writeFileSync(
      script,
      `import { readFileSync } from 'node:fs';
       import { run } from ${from('./run.ts')};
       import { openFileCheckpoint } from ${from('./node.ts')};
       const checkpoint = await openFileCheckpoint(${JSON.stringify(path)});
       await run(JSON.parse(readFileSync(${JSON.stringify(planPath)}, 'utf8')), { workers: 1, checkpoint: {
         ...checkpoint,
         append: async (chunk, sum) => {
           await checkpoint.append(chunk, sum);
           if (chunk === 2) process.kill(process.pid, 'SIGKILL');
         },
       } });`,
    );
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    const signal = await new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
    const length = readFileSync(path).length;
    expect(length).toBe(24 + 3 * 28);
    truncateSync(path, length - 5);
    const checkpoint = await openFileCheckpoint(path);
    const resumed = await run(sliced, { workers: 2, checkpoint });
    await checkpoint.close();
    expect(resumed.stats.slicesFromCheckpoint).toBe(2);
    expect([...resumed.value]).toEqual([...whole.value]);
  });

  test('[R4] refuses the checkpoint of another plan', async () => {
    const path = join(folder, 'other.checkpoint');
    const first = await openFileCheckpoint(path);
    await run(sliced, { workers: 0, maxFraction: 0.1, checkpoint: first });
    await first.close();
    const other = forced(plan(circuit, { bitstring: '1'.repeat(25), searchRounds: 1, maxLog2Size: 8 }));
    const again = await openFileCheckpoint(path);
    await expect(run(other, { workers: 0, checkpoint: again })).rejects.toMatchObject({ code: 'checkpoint_mismatch' });
    await again.close();
  });
});

describe('a run', () => {
  test('[R5] is cancelled in under a second, with workers and without', async () => {
    const large = plan(gridCircuit(5, 5, 60, 2), { searchRounds: 1, maxLog2Size: 19 });
    for (const workers of [0, 1]) {
      const controller = new AbortController();
      let aborted = 0;
      setTimeout(() => {
        aborted = performance.now();
        controller.abort();
      }, 700);
      await expect(run(large, { workers, signal: controller.signal })).rejects.toBeInstanceOf(AbortedError);
      expect(performance.now() - aborted).toBeLessThan(1000);
    }
  });

  test('[R6] goes on when a worker is lost: its chunk is done again by another', async () => {
    let started = 0;
    const result = await run(sliced, {
      workers: 2,
      spawn: () => {
        const worker = spawnSliceWorker()!;
        if (++started > 1) return worker;
        let lost: (cause: string) => void = () => {};
        return {
          ...worker,
          post: (message) => {
            if (message.kind === 'plan') worker.post(message);
            else void worker.stop().then(() => lost('killed by the test'));
          },
          onLost: (handle) => {
            lost = handle;
          },
        };
      },
    });
    expect(result.stats.workersLost).toBe(1);
    expect([...result.value]).toEqual([...whole.value]);
  });

  test('[R7] gives up with WorkerLostError when a chunk kills every worker', async () => {
    const spawnDying = () => {
      let lost: (cause: string) => void = () => {};
      let ready: (reply: { kind: 'ready'; bytes: number }) => void = () => {};
      return {
        post: (message: { kind: string }) => {
          if (message.kind === 'plan') queueMicrotask(() => ready({ kind: 'ready', bytes: 0 }));
          else queueMicrotask(() => lost('always dies'));
        },
        onMessage: (handle: typeof ready) => {
          ready = handle;
        },
        onLost: (handle: typeof lost) => {
          lost = handle;
        },
        stop: async () => {},
      };
    };
    await expect(run(sliced, { workers: 1, spawn: spawnDying as never })).rejects.toBeInstanceOf(WorkerLostError);
  });
});

describe('a plan', () => {
  test('[P1] depends on nothing but circuit, options and seed when the budget is in rounds', () => {
    const small = gridCircuit(4, 4, 24, 12);
    const options = { searchRounds: 2, seed: 5, maxLog2Size: 6 };
    expect(JSON.stringify(plan(small, options))).toBe(JSON.stringify(plan(small, options)));
    expect(JSON.stringify(plan(small, { ...options, seed: 6 }).contraction)).not.toBe(
      JSON.stringify(plan(small, options).contraction),
    );
  });

  test('[P2] stays within the bytes given, and refuses what cannot fit with both numbers', () => {
    const small = plan(circuit, { searchRounds: 2, maxBytes: 2 ** 21, workers: 2 });
    expect(small.bytes).toBeLessThanOrEqual(2 ** 21);
    const refused = () => plan(circuit, { target: 'batch', maxBytes: 2 ** 26 });
    expect(refused).toThrow(BudgetExceededError);
    try {
      refused();
    } catch (error) {
      expect((error as BudgetExceededError).need).toBeGreaterThan((error as BudgetExceededError).have);
      expect((error as TaizhangError).facts.unit).toBe('bytes');
    }
  });

  test('[P3] refuses work above maxLog2Macs before running, and a bit string of the wrong length', () => {
    expect(() => plan(circuit, { searchRounds: 1, maxLog2Macs: 5 })).toThrow(BudgetExceededError);
    expect(() => plan(circuit, { bitstring: '01' })).toThrow(TaizhangError);
  });
});
