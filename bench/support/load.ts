/** Two kinds of load: as fast as answers come, for CPU a request; and at a given rate, for latency. */
import { Pool } from 'undici';

export interface Target {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Timed {
  /** Milliseconds from the scheduled start to the first byte of the body and to the end. */
  readonly firstMs: number;
  readonly totalMs: number;
  /** Longest pause between two pieces of the body. */
  readonly longestGapMs: number;
  readonly pieces: number;
}

/** One request, counted from `scheduledAt`. @throws Error for any status but 200. */
function send(pool: Pool, target: Target, scheduledAt: number): Promise<Timed> {
  return new Promise((resolve, reject) => {
    let firstMs = Number.NaN;
    let lastAt = 0;
    let longestGapMs = 0;
    let pieces = 0;
    let status = 0;
    let refusal = '';
    pool.dispatch(
      {
        method: 'POST',
        path: target.path,
        headers: { 'content-type': 'application/json', ...target.headers },
        body: target.body,
      },
      {
        onRequestStart() {},
        onResponseStart(_, statusCode) {
          status = statusCode;
        },
        onResponseData(_, chunk: Buffer) {
          const now = performance.now();
          if (pieces === 0) firstMs = now - scheduledAt;
          else longestGapMs = Math.max(longestGapMs, now - lastAt);
          lastAt = now;
          pieces += 1;
          if (status !== 200) refusal += chunk.toString();
        },
        onResponseEnd() {
          if (status !== 200) reject(new Error(`${target.origin} answered ${status}: ${refusal.slice(0, 300)}`));
          else resolve({ firstMs, totalMs: performance.now() - scheduledAt, longestGapMs, pieces });
        },
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

/** So many at once, each worker's next when its last has ended. */
export async function closedLoop(target: Target, requests: number, concurrency: number): Promise<void> {
  const pool = new Pool(target.origin, { connections: concurrency, pipelining: 1 });
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await send(pool, target, performance.now());
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await pool.close();
}

/**
 * Requests at a rate, whether answers come or not; each one's time counts from when it should have been sent, so that a
 * stall is felt by all who would have come meanwhile.
 */
export async function openLoop(target: Target, ratePerSecond: number, requests: number): Promise<readonly Timed[]> {
  const pool = new Pool(target.origin, { connections: 1_024, pipelining: 1 });
  const begun = performance.now() + 20;
  const answers: Promise<Timed>[] = [];
  let next = 0;
  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = performance.now();
      for (; next < requests; next += 1) {
        const dueAt = begun + (next * 1_000) / ratePerSecond;
        if (dueAt > now) break;
        answers.push(send(pool, target, dueAt));
      }
      if (next === requests) resolve();
      else if (begun + (next * 1_000) / ratePerSecond - now > 2) setTimeout(tick, 1);
      else setImmediate(tick);
    };
    tick();
  });
  const timed = await Promise.all(answers);
  await pool.close();
  return timed;
}
