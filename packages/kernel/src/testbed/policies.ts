/** The production scheduler as a policy of the test-bed, and the plain schemes it is compared with. */
import { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import type { FairQueueOptions } from '../scheduler/fair-queue.ts';
import { type Slot, SlotScheduler } from '../scheduler/slot-scheduler.ts';
import { endpointOf } from './scripted-endpoint.ts';
import { costOfJob, type Job, type MakePolicy } from './simulate-pool.ts';

const unknownOutputTokens = 256;

/** The class that runs in production, given the share of each app as it would be by `setShares`. */
export function productionPolicy(options: FairQueueOptions = {}): MakePolicy {
  return (start, clock, width) => {
    const scheduler = new SlotScheduler({ clock, queuePerApp: Number.MAX_SAFE_INTEGER, queue: options });
    const slots = new EndpointSlots(endpointOf({ id: 'pool', concurrency: width }));
    const pool = scheduler.pool([slots]);
    const shares = new Map<string, number>();
    scheduler.setShares(shares);
    return {
      submit(job) {
        const appId = `app${job.app}`;
        if (!shares.has(appId)) shares.set(appId, job.weight);
        scheduler.submit(pool, {
          priority: job.priority,
          tenant: job.tenant,
          appId,
          user: job.user,
          inputTokens: job.inputTokens,
          outputTokens: unknownOutputTokens,
          deadlineAt: Number.POSITIVE_INFINITY,
          choose: (free) => free[0] as EndpointSlots,
          onSlot: (slot) => {
            job.handle = slot;
            job.estimate = slot.ticket.estimate;
            start(job);
          },
        });
      },
      finish: (job) => scheduler.release(job.handle as Slot, job.inputTokens, job.outputTokens),
      get waiting() {
        return pool.queue.waiting;
      },
    };
  };
}

interface Queue {
  push(job: Job): void;
  pop(): Job | null;
  /** After a job ended; for schemes that count. */
  ended?(job: Job): void;
}

function slotted(makeQueue: (slots: number) => Queue): MakePolicy {
  return (start, _clock, slots) => {
    const queue = makeQueue(slots);
    let running = 0;
    let waiting = 0;
    const fill = () => {
      while (running < slots) {
        const job = queue.pop();
        if (!job) return;
        running += 1;
        waiting -= 1;
        start(job);
      }
    };
    return {
      submit(job) {
        waiting += 1;
        queue.push(job);
        fill();
      },
      finish(job) {
        running -= 1;
        queue.ended?.(job);
        fill();
      },
      get waiting() {
        return waiting;
      },
    };
  };
}

/** A first-in-first-out list that does not move its items on every take. */
class Line {
  #items: Job[] = [];
  #head = 0;

  get first(): Job | undefined {
    return this.#items[this.#head];
  }

  push(job: Job): void {
    this.#items.push(job);
  }

  take(): Job | null {
    const job = this.#items[this.#head];
    if (!job) return null;
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return job;
  }
}

/** Whoever came first goes first. */
export const firstInFirstOut: MakePolicy = slotted(() => {
  const line = new Line();
  return { push: (job) => line.push(job), pop: () => line.take() };
});

/** First in first out, but no app holds more than its even part of the slots. */
export function perAppCap(apps: number): MakePolicy {
  return slotted((slots) => {
    const cap = Math.max(1, Math.ceil(slots / apps));
    const running = new Map<number, number>();
    let line: Job[] = [];
    return {
      push: (job) => {
        line.push(job);
      },
      pop() {
        const at = line.findIndex((job) => (running.get(job.app) ?? 0) < cap);
        if (at < 0) return null;
        const job = line[at] as Job;
        line = line.toSpliced(at, 1);
        running.set(job.app, (running.get(job.app) ?? 0) + 1);
        return job;
      },
      ended: (job) => {
        running.set(job.app, (running.get(job.app) as number) - 1);
      },
    };
  });
}

/** Deficit round robin (Shreedhar, Varghese 1996) over estimated cost. */
export const deficitRoundRobin: MakePolicy = slotted(() => {
  const quantum = 1_000;
  const lines = new Map<number, { readonly line: Line; deficit: number }>();
  const round: number[] = [];
  const estimateOf = (job: Job) => costOfJob(job.inputTokens, unknownOutputTokens);
  return {
    push(job) {
      let own = lines.get(job.app);
      if (!own) {
        own = { line: new Line(), deficit: 0 };
        lines.set(job.app, own);
      }
      if (!own.line.first) round.push(job.app);
      own.line.push(job);
    },
    pop() {
      while (round.length > 0) {
        const app = round[0] as number;
        const own = lines.get(app)!;
        const next = own.line.first as Job;
        const estimate = estimateOf(next);
        if (own.deficit < estimate) {
          own.deficit += quantum * next.weight;
          round.push(round.shift() as number);
          continue;
        }
        own.deficit -= estimate;
        next.estimate = estimate;
        own.line.take();
        if (!own.line.first) {
          own.deficit = 0;
          round.shift();
        }
        return next;
      }
      return null;
    },
  };
});

/** The virtual token counter as published (Sheng et al. 2024): counters, lifted on return, least found by a scan. */
export const linearTokenCounter: MakePolicy = slotted(() => {
  const lines = new Map<number, Line>();
  const counter = new Map<number, number>();
  const waiting = new Set<number>();
  return {
    push(job) {
      let line = lines.get(job.app);
      if (!line) {
        line = new Line();
        lines.set(job.app, line);
      }
      if (!line.first) {
        let least = Number.POSITIVE_INFINITY;
        for (const app of waiting) least = Math.min(least, counter.get(app) as number);
        counter.set(job.app, Math.max(counter.get(job.app) ?? 0, Number.isFinite(least) ? least : 0));
        waiting.add(job.app);
      }
      line.push(job);
    },
    pop() {
      let chosen = -1;
      let least = Number.POSITIVE_INFINITY;
      for (const app of waiting) {
        const own = counter.get(app) as number;
        if (own >= least) continue;
        least = own;
        chosen = app;
      }
      if (chosen < 0) return null;
      const line = lines.get(chosen) as Line;
      const job = line.take() as Job;
      if (!line.first) waiting.delete(chosen);
      // Input is charged at dispatch, output as it comes: here when it is known.
      job.estimate = job.inputTokens;
      counter.set(chosen, least + job.inputTokens / job.weight);
      return job;
    },
    ended(job) {
      counter.set(job.app, (counter.get(job.app) as number) + (job.cost - job.inputTokens) / job.weight);
    },
  };
});
