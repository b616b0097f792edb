/**
 * The production scheduler against an upstream whose real capacity it is not told: 429 past it, 5xx while dead. Calls that
 * fail come back after a jittered wait, as the kernel's own retries do.
 */
import { MyriadError } from '@myriad/contracts';
import { isRefusal, retryDelayMs } from '../routing/retry-policy.ts';
import { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import { type Slot, SlotScheduler } from '../scheduler/slot-scheduler.ts';
import { endpointOf } from './scripted-endpoint.ts';
import { createSeededRandom, createVirtualClock } from './virtual-clock.ts';

export interface UpstreamTrace {
  readonly id: string;
  /** Width that the operator states. */
  readonly concurrency: number;
  /** Calls that it really takes at a time; 0 while dead. */
  readonly capacityAt: (nowMs: number) => number;
  readonly firstTokenMs: number;
  readonly perTokenMs: number;
}

export interface UpstreamSimulation {
  readonly upstreams: readonly UpstreamTrace[];
  readonly durationMs: number;
  readonly seed: number;
  /** Calls that always wait beside those that run. */
  readonly backlog: number;
  readonly outputTokens: (random: () => number) => number;
  /** False: every refusal comes straight back, as careless clients do. */
  readonly patient?: boolean;
}

export interface UpstreamWindow {
  readonly fromMs: number;
  attempts: number;
  refused: number;
  failed: number;
  /** Milliseconds of upstream work that ended well. */
  workMs: number;
  /** Milliseconds that all real capacity could have worked. */
  oracleMs: number;
}

/** @returns One row for every ten seconds. */
export function simulateUpstreams(spec: UpstreamSimulation): readonly UpstreamWindow[] {
  const clock = createVirtualClock(0);
  const random = createSeededRandom(spec.seed);
  const scheduler = new SlotScheduler({ clock, queuePerApp: Number.MAX_SAFE_INTEGER });
  const slotsOf = new Map(
    spec.upstreams.map((trace) => {
      const slots = new EndpointSlots(endpointOf({ id: trace.id, concurrency: trace.concurrency }));
      const upstream: { readonly trace: UpstreamTrace; busy: number } = { trace, busy: 0 };
      return [slots, upstream] as const;
    }),
  );
  const pool = scheduler.pool([...slotsOf.keys()]);
  const windowMs = 10_000;
  const windows: UpstreamWindow[] = [];
  for (let fromMs = 0; fromMs < spec.durationMs; fromMs += windowMs) {
    let oracleMs = 0;
    for (let at = fromMs; at < fromMs + windowMs; at += 100)
      for (const { trace } of slotsOf.values()) oracleMs += 100 * Math.min(trace.concurrency, trace.capacityAt(at));
    windows.push({ fromMs, attempts: 0, refused: 0, failed: 0, workMs: 0, oracleMs });
  }
  const window = (): UpstreamWindow =>
    windows[Math.min(windows.length - 1, Math.floor(clock.now() / windowMs))] as UpstreamWindow;

  const submit = (outputTokens: number, attempt: number) => {
    scheduler.submit(pool, {
      priority: 'standard',
      tenant: 'home',
      appId: `app${Math.floor(random.next() * 20)}`,
      user: null,
      inputTokens: 100,
      outputTokens: 200,
      deadlineAt: Number.POSITIVE_INFINITY,
      choose: (free) => free[Math.floor(random.next() * free.length)] as EndpointSlots,
      onSlot: (slot) => call(slot, outputTokens, attempt),
    });
  };
  const fail = (slot: Slot, error: MyriadError, outputTokens: number, attempt: number) => {
    const now = clock.now();
    const { slots } = slot;
    if (isRefusal(error)) slots.limit.onRefused(slot.grantedAt, slots.inFlight, now);
    else slots.health.onFailure(now);
    const waitMs = spec.patient === false ? 0 : retryDelayMs(error, attempt, random);
    clock.after(waitMs, () => submit(outputTokens, attempt + 1));
    scheduler.release(slot, 0, 0);
  };
  const call = (slot: Slot, outputTokens: number, attempt: number) => {
    const { slots } = slot;
    const upstream = slotsOf.get(slots)!;
    const { trace } = upstream;
    const row = window();
    row.attempts += 1;
    const capacity = trace.capacityAt(clock.now());
    const roundTripMs = 5;
    if (capacity === 0 || upstream.busy >= capacity) {
      if (capacity === 0) row.failed += 1;
      else row.refused += 1;
      const error =
        capacity === 0
          ? new MyriadError('upstream_unavailable', 'dead')
          : new MyriadError('upstream_rate_limited', 'full');
      clock.after(roundTripMs, () => fail(slot, error, outputTokens, attempt));
      return;
    }
    upstream.busy += 1;
    const firstTokenMs = trace.firstTokenMs * (0.8 + 0.4 * random.next());
    const tookMs = firstTokenMs + outputTokens * trace.perTokenMs;
    clock.after(tookMs, () => {
      upstream.busy -= 1;
      const now = clock.now();
      const died = trace.capacityAt(now) === 0;
      if (died) {
        window().failed += 1;
        fail(slot, new MyriadError('upstream_cut', 'died'), outputTokens, attempt);
        return;
      }
      // The work is spread over the windows in which it was done.
      let at = now - tookMs;
      while (at < now) {
        const row = windows[Math.max(0, Math.min(windows.length - 1, Math.floor(at / windowMs)))] as UpstreamWindow;
        const until = Math.min(now, row.fromMs + windowMs);
        row.workMs += Math.max(0, until - Math.max(at, row.fromMs));
        at = Math.max(until, at + 1);
      }
      slots.health.onFirstToken(firstTokenMs, now);
      slots.health.onSuccess(now);
      slots.limit.onSuccess(
        slot.grantedAt,
        { firstTokenMs, perTokenMs: trace.perTokenMs * (0.9 + 0.2 * random.next()) },
        slots.inFlight,
        now,
      );
      submit(Math.round(spec.outputTokens(random.next)), 1);
      scheduler.release(slot, 100, outputTokens);
    });
  };
  const width = spec.upstreams.reduce((sum, trace) => sum + trace.concurrency, 0);
  for (let job = 0; job < width + spec.backlog; job += 1) submit(Math.round(spec.outputTokens(random.next)), 1);
  while (clock.step(spec.durationMs));
  return windows;
}

/** Sums rows from `fromMs` on. */
export function summarize(windows: readonly UpstreamWindow[], fromMs: number, untilMs = Number.POSITIVE_INFINITY) {
  const rows = windows.filter((row) => row.fromMs >= fromMs && row.fromMs < untilMs);
  const sum = (pick: (row: UpstreamWindow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const attempts = sum((row) => row.attempts);
  return {
    attempts,
    refusedRatio: sum((row) => row.refused) / attempts,
    failedRatio: sum((row) => row.failed) / attempts,
    goodputRatio: sum((row) => row.workMs) / sum((row) => row.oracleMs),
  };
}
