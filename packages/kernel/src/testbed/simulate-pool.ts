/**
 * A pool of slots under a virtual clock: apps send calls by a trace, a policy decides who goes next, and everything that
 * fairness is judged by is written down. The same seed gives the same run.
 */
import { createSeededRandom, createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface Job {
  readonly app: number;
  readonly tenant: string;
  readonly weight: number;
  readonly user: string | null;
  readonly priority: 'interactive' | 'standard' | 'batch';
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly submittedAt: number;
  startedAt: number;
  /** Token cost charged at dispatch, and what it was in the end. */
  estimate: number;
  readonly cost: number;
  /** For the policy's own use. */
  handle: unknown;
}

/** Who goes next. `submit` may start jobs at once; `finish` says that one ended, and usually starts another. */
export interface Policy {
  submit(job: Job): void;
  finish(job: Job): void;
  readonly waiting: number;
}

export type MakePolicy = (start: (job: Job) => void, clock: VirtualClock, slots: number) => Policy;

export interface AppTrace {
  readonly tenant?: string;
  readonly weight?: number;
  readonly priority?: Job['priority'];
  /** Calls kept outstanding all the time; or a stream of arrivals. */
  readonly outstanding?: number;
  readonly ratePerSecond?: number;
  /** Arrivals come only while on; starts on. */
  readonly onOff?: { readonly onMs: number; readonly offMs: number };
  /** Calls that come together at each arrival. */
  readonly burst?: number;
  readonly users?: number;
  readonly inputTokens: (random: () => number) => number;
  readonly outputTokens: (random: () => number) => number;
}

export interface SimulationSpec {
  readonly apps: readonly AppTrace[];
  readonly slots: number;
  readonly durationMs: number;
  readonly random: () => number;
  readonly firstTokenMs?: number;
  readonly perTokenMs?: number;
  readonly policy: MakePolicy;
  /** Sees every start and end; `running` is what runs after it. */
  readonly observe?: (event: 'start' | 'finish', job: Job, waitingOf: Int32Array) => void;
}

export interface AppOutcome {
  readonly waitsMs: number[];
  /** Token cost of calls that were started. */
  served: number;
  finished: number;
}

export interface SimulationOutcome {
  readonly apps: readonly AppOutcome[];
  /** Slot time that lay idle while a call waited, as a share of all slot time. */
  readonly idleRatio: number;
  readonly busyRatio: number;
}

export function costOfJob(inputTokens: number, outputTokens: number): number {
  return inputTokens + 2 * outputTokens;
}

export function simulate(spec: SimulationSpec): SimulationOutcome {
  const { slots, durationMs, firstTokenMs = 200, perTokenMs = 10 } = spec;
  // Each app draws from its own numbers, so that what one does changes nothing of what the others send.
  const draws = spec.apps.map(() => createSeededRandom(Math.floor(spec.random() * 2 ** 32)).next);
  const clock = createVirtualClock(0);
  const apps: AppOutcome[] = spec.apps.map(() => ({ waitsMs: [], served: 0, finished: 0 }));
  const waitingOf = new Int32Array(spec.apps.length);
  let running = 0;
  let idleMs = 0;
  let busyMs = 0;
  let lookedAt = 0;

  /** Adds the time since the last look to what was busy, and to what was idle beside waiting work. */
  const account = () => {
    const now = clock.monotonicMs();
    const elapsed = now - lookedAt;
    lookedAt = now;
    busyMs += elapsed * running;
    if (policy.waiting > 0) idleMs += elapsed * (slots - running);
  };
  const start = (job: Job) => {
    running += 1;
    const outcome = apps[job.app] as AppOutcome;
    job.startedAt = clock.monotonicMs();
    waitingOf[job.app] = (waitingOf[job.app] as number) - 1;
    outcome.waitsMs.push(job.startedAt - job.submittedAt);
    outcome.served += job.cost;
    spec.observe?.('start', job, waitingOf);
    clock.after(firstTokenMs + job.outputTokens * perTokenMs, () => {
      account();
      running -= 1;
      outcome.finished += 1;
      spec.observe?.('finish', job, waitingOf);
      const trace = spec.apps[job.app] as AppTrace;
      // The next call of a closed loop is there before the slot is given on, so the app stays backlogged.
      if (trace.outstanding !== undefined) submit(job.app, trace);
      policy.finish(job);
    });
  };
  const policy = spec.policy(start, clock, slots);

  const submit = (app: number, trace: AppTrace) => {
    const random = draws[app] as () => number;
    const inputTokens = Math.max(1, Math.round(trace.inputTokens(random)));
    const outputTokens = Math.max(1, Math.round(trace.outputTokens(random)));
    waitingOf[app] = (waitingOf[app] as number) + 1;
    policy.submit({
      app,
      tenant: trace.tenant ?? 'home',
      weight: trace.weight ?? 1,
      user: trace.users === undefined ? null : `u${Math.floor(random() * trace.users)}`,
      priority: trace.priority ?? 'standard',
      inputTokens,
      outputTokens,
      submittedAt: clock.monotonicMs(),
      startedAt: 0,
      estimate: 0,
      cost: costOfJob(inputTokens, outputTokens),
      handle: null,
    });
  };
  const arrive = (app: number, trace: AppTrace) => {
    const rate = trace.ratePerSecond as number;
    const random = draws[app] as () => number;
    const gapMs = (-Math.log(1 - random()) * 1_000) / rate;
    clock.after(gapMs, () => {
      const now = clock.monotonicMs();
      if (now > durationMs) return;
      account();
      const isOn = !trace.onOff || now % (trace.onOff.onMs + trace.onOff.offMs) < trace.onOff.onMs;
      if (isOn) for (let call = 0; call < (trace.burst ?? 1); call += 1) submit(app, trace);
      arrive(app, trace);
    });
  };
  for (const [app, trace] of spec.apps.entries()) {
    if (trace.outstanding !== undefined) for (let call = 0; call < trace.outstanding; call += 1) submit(app, trace);
    else arrive(app, trace);
  }
  while (clock.step(durationMs));
  return { apps, idleRatio: idleMs / (slots * durationMs), busyRatio: busyMs / (slots * durationMs) };
}

/** Jain's index of fairness over service by weight: 1 when all get the same, 1/n when one gets all. */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}

export function percentile(values: readonly number[], ratio: number): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(ratio * sorted.length))] as number;
}

/** Bounded Pareto: the heavy tail of answer lengths. */
export function heavyTail(least: number, most: number, shape = 1.2): (random: () => number) => number {
  const ratio = (least / most) ** shape;
  return (random) => least / (1 - random() * (1 - ratio)) ** (1 / shape);
}

export function between(least: number, most: number): (random: () => number) => number {
  return (random) => least + (most - least) * random();
}
