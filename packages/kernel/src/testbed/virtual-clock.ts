/** Time that stands still until it is moved: for tests and for the scheduler's test-bed. */
import { type Clock, MyriadError, type Random } from '@myriad/contracts';

interface Alarm {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

export interface VirtualClock extends Clock {
  /** Runs the next alarm and moves time to it; false when there is none (or none before `until`). */
  step(until?: number): boolean;
  /** Moves time on, running alarms on the way, and lets promises settle after each. */
  advance(byMs: number): Promise<void>;
  readonly alarms: number;
}

/** Binary heap by time, then order of setting. */
function createAlarmQueue() {
  const heap: Alarm[] = [];
  const isBefore = (left: Alarm, right: Alarm) =>
    left.at < right.at || (left.at === right.at && left.sequence < right.sequence);
  return {
    get size() {
      return heap.length;
    },
    peek: (): Alarm | undefined => heap[0],
    push(alarm: Alarm) {
      let at = heap.length;
      heap.push(alarm);
      while (at > 0) {
        const above = (at - 1) >> 1;
        if (!isBefore(alarm, heap[above] as Alarm)) break;
        heap[at] = heap[above] as Alarm;
        at = above;
      }
      heap[at] = alarm;
    },
    pop(): Alarm | undefined {
      const top = heap[0];
      const last = heap.pop();
      if (!top || !last || heap.length === 0) return top;
      let at = 0;
      for (;;) {
        let below = at * 2 + 1;
        if (below >= heap.length) break;
        if (below + 1 < heap.length && isBefore(heap[below + 1] as Alarm, heap[below] as Alarm)) below += 1;
        if (!isBefore(heap[below] as Alarm, last)) break;
        heap[at] = heap[below] as Alarm;
        at = below;
      }
      heap[at] = last;
      return top;
    },
  };
}

export function createVirtualClock(startAt = Date.UTC(2026, 0, 5, 12)): VirtualClock {
  let now = startAt;
  let sequence = 0;
  const alarms = createAlarmQueue();
  const clock: VirtualClock = {
    now: () => Math.floor(now),
    monotonicMs: () => now - startAt,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const stop = clock.after(delayMs, resolve);
        const abort = () => {
          stop();
          reject(new MyriadError('aborted', 'The wait was cancelled.'));
        };
        if (signal?.aborted) abort();
        else signal?.addEventListener('abort', abort, { once: true });
      }),
    after(delayMs, callback) {
      sequence += 1;
      const alarm: Alarm = { at: now + Math.max(0, delayMs), sequence, callback, isCancelled: false };
      alarms.push(alarm);
      return () => {
        alarm.isCancelled = true;
      };
    },
    step(until = Number.POSITIVE_INFINITY) {
      for (;;) {
        const next = alarms.peek();
        if (!next || next.at > until) return false;
        alarms.pop();
        if (next.isCancelled) continue;
        now = Math.max(now, next.at);
        next.callback();
        return true;
      }
    },
    async advance(byMs) {
      const until = now + byMs;
      await settlePromises();
      while (clock.step(until)) await settlePromises();
      now = until;
      await settlePromises();
    },
    get alarms() {
      return alarms.size;
    },
  };
  return clock;
}

/** Lets everything that is ready run, without real time. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Mulberry32: a small seeded generator; the same seed gives the same run. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    bytes: (size) => Uint8Array.from({ length: size }, () => Math.floor(next() * 256)),
  };
}
