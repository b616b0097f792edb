/** The kernel's front door: wires the parts together and keeps the list of open runs. */
import {
  type CallTimeouts,
  type Clock,
  defaultTimeouts,
  type EndpointSource,
  type ExchangeRates,
  type Kernel,
  type LedgerStore,
  type ModelEndpoint,
  MyriadError,
  type OpenRun,
  type PoolStatus,
  type Random,
  type RoutingRule,
  type RunSpec,
} from '@myriad/contracts';
import { createBudgetBook, exhausted, leftOf } from './accounts/budget-book.ts';
import { createPeriods } from './accounts/budget-period.ts';
import { isLocal } from './accounts/plan-call.ts';
import { createRateLimits } from './accounts/rate-limits.ts';
import { createExactCache } from './cache/exact-cache.ts';
import { createSemanticCache } from './cache/semantic-cache.ts';
import { pooledRandom } from './pooled-random.ts';
import { recoverLost } from './recover-lost.ts';
import { createOpenRun, type DrainableRun } from './run/open-run.ts';
import type { AbortPolicy, KernelLog, Parts } from './run/parts.ts';
import { EndpointSlots } from './scheduler/endpoint-slots.ts';
import { SlotScheduler } from './scheduler/slot-scheduler.ts';

export interface KernelOptions {
  readonly ledger: LedgerStore;
  readonly endpoints: EndpointSource;
  readonly clock: Clock;
  readonly random: Random;
  /** Name of this process in holds; unique among the living, new at each start. */
  readonly owner: string;
  readonly exchange: ExchangeRates;
  /** IANA zone in which budget periods begin. */
  readonly timeZone: string;
  readonly limits: {
    /** Calls of one app that may wait. */
    readonly queuePerApp: number;
    /** Longest wait for a slot or for money. */
    readonly queueMs: number;
  };
  /** Passed to drivers with each call. */
  readonly timeouts?: Partial<CallTimeouts>;
  /** How a call that the caller abandons is billed: what was generated (default), or the whole that was asked. */
  readonly abortPolicy?: AbortPolicy;
  /** Attempts of one call over all endpoints, the first included; 3 unless said. */
  readonly maxAttempts?: number;
  /** Output limit sent when money binds and the caller named none; 4,096 unless said. */
  readonly defaultMaxOutputTokens?: number;
  /** Off unless said: a second attempt elsewhere when the first has shown nothing for so long. */
  readonly hedgeAfterMs?: number;
  readonly cache?: {
    /** Memory of the exact cache, and as much again of the semantic one; 64 MiB unless said. */
    readonly maxBytes?: number;
    /** Price of a hit as a share of what the answer cost first; 0 unless said. */
    readonly hitPriceRatio?: number;
    /** Least cosine of two questions that one answer serves; 0.95 unless said. */
    readonly likeness?: number;
  };
  /** Which models serve which chats first; the first rule that fits decides. None unless said. */
  readonly routing?: readonly RoutingRule[];
  /** Write runs ahead that no budget binds, so that a dead process leaves a trace of them; true unless said. */
  readonly holdUnbudgeted?: boolean;
  /** What a run whose process died is charged: nothing (default), or all that it held. */
  readonly lostPolicy?: 'release' | 'charge';
  /** Owners alive beside this one, whose holds are not stale. */
  readonly livingOwners?: () => readonly string[];
  /** Further checks before a run; each may refuse. */
  readonly policies?: readonly ((spec: RunSpec) => MyriadError | null)[];
  /** Plan weight of a tenant; 1 unless said. */
  readonly tenantWeight?: (tenant: string) => number;
  readonly log?: KernelLog;
}

const leastShare = 0.5;
const mostShare = 4;
/** Calls that were stopped get this long to be settled by who opened them, before the kernel does it. */
const settleGraceMs = 1_000;

export function createKernel(options: KernelOptions): Kernel {
  const { ledger, endpoints, clock, owner, exchange } = options;
  const random = pooledRandom(options.random);
  const periodAt = createPeriods(options.timeZone);
  const book = createBudgetBook({ ledger, periodAt, exchange, keepAccounts: 50_000 });
  const scheduler = new SlotScheduler({
    clock,
    queuePerApp: options.limits.queuePerApp,
    ...(options.tenantWeight ? { tenantWeight: options.tenantWeight } : {}),
  });
  const slotsById = new Map<string, EndpointSlots>();
  const parts: Parts = {
    ledger,
    endpoints,
    clock,
    random,
    owner,
    exchange,
    book,
    scheduler,
    limits: createRateLimits(clock),
    cache: createExactCache(clock, options.cache?.maxBytes ?? 64 * 1024 * 1024),
    semantic: createSemanticCache(clock, options.cache?.maxBytes ?? 64 * 1024 * 1024),
    slotsOf(endpoint) {
      const known = slotsById.get(endpoint.id);
      if (known) {
        if (known.endpoint !== endpoint) known.refresh(endpoint);
        return known;
      }
      const slots = new EndpointSlots(endpoint);
      slotsById.set(endpoint.id, slots);
      return slots;
    },
    rules: {
      timeouts: { ...defaultTimeouts, ...options.timeouts },
      abortPolicy: options.abortPolicy ?? 'generated',
      queueMs: options.limits.queueMs,
      maxAttempts: options.maxAttempts ?? 3,
      defaultMaxOutputTokens: options.defaultMaxOutputTokens ?? 4_096,
      hedgeAfterMs: options.hedgeAfterMs ?? null,
      cacheLikeness: options.cache?.likeness ?? 0.95,
      cacheHitPriceRatio: options.cache?.hitPriceRatio ?? 0,
      routing: options.routing ?? [],
      holdUnbudgeted: options.holdUnbudgeted ?? true,
    },
    log: options.log ?? (() => {}),
  };
  const open = new Set<DrainableRun>();
  let isDraining = false;
  let onEmpty: (() => void) | null = null;

  const forget = (run: DrainableRun) => {
    open.delete(run);
    if (open.size === 0) onEmpty?.();
  };

  const isFree = (endpoint: ModelEndpoint): boolean =>
    endpoint.price === null
      ? isLocal(endpoint)
      : endpoint.price.inputMicrosPerMillion === 0 && endpoint.price.outputMicrosPerMillion === 0;

  /** An empty budget refuses early, unless something free could serve. */
  const checkBudgets = async (spec: RunSpec): Promise<void> => {
    if (spec.budgets.length === 0) return;
    const found = book.accounts(spec.budgets, clock.now());
    const accounts = found instanceof Promise ? await found : found;
    for (let at = 0; at < spec.budgets.length; at += 1) {
      const budget = spec.budgets[at]!;
      const account = accounts[at]!;
      const isSpent = account.spentMicros >= budget.limitMicros;
      if (!isSpent || budget.onExceed === 'downgrade' || endpoints.list().some(isFree)) continue;
      throw exhausted({ budget, account, leftMicros: leftOf(budget, account), neededMicros: 1 });
    }
  };

  return {
    async begin(spec): Promise<OpenRun> {
      if (isDraining) throw new MyriadError('shutting_down', 'The node is stopping and takes no new runs.');
      for (const policy of options.policies ?? []) {
        const refusal = policy(spec);
        if (refusal) throw refusal;
      }
      await checkBudgets(spec);
      if (isDraining) throw new MyriadError('shutting_down', 'The node is stopping and takes no new runs.');
      parts.limits.enter(spec);
      const run = createOpenRun(parts, spec, forget);
      open.add(run);
      return run;
    },
    recover: () => recoverLost(parts, options.livingOwners?.() ?? [], options.lostPolicy ?? 'release'),
    setShares(shares) {
      const clamped = new Map<string, number>();
      for (const [appId, factor] of shares) {
        if (Number.isFinite(factor)) clamped.set(appId, Math.min(mostShare, Math.max(leastShare, factor)));
      }
      scheduler.setShares(clamped);
    },
    status(): readonly PoolStatus[] {
      const now = clock.now();
      return endpoints.list().map((endpoint) => {
        const slots = parts.slotsOf(endpoint);
        return {
          endpointId: endpoint.id,
          model: endpoint.name,
          inFlight: slots.inFlight,
          limit: slots.limit.width,
          queued: scheduler.queuedAt(slots),
          circuit: slots.health.circuit(now),
          firstTokenMs: slots.health.firstTokenMs(now),
          errorRatio: slots.health.errorRatio,
        };
      });
    },
    get inFlight() {
      return open.size;
    },
    async drain(limitMs) {
      isDraining = true;
      const emptyOr = (waitMs: number): Promise<void> =>
        open.size === 0
          ? Promise.resolve()
          : new Promise((resolve) => {
              const stop = clock.after(waitMs, resolve);
              onEmpty = () => {
                stop();
                resolve();
              };
            });
      await emptyOr(limitMs);
      for (const run of open) run.stop(new MyriadError('shutting_down', 'The node is stopping.'));
      await emptyOr(settleGraceMs);
      await Promise.allSettled(
        [...open].map((run) => run.settle({ status: 'aborted', errorCode: 'shutting_down', steps: [] })),
      );
    },
  };
}
