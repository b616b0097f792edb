/** What every run of one kernel shares, and what one run gathers. */
import type {
  Budget,
  CallTimeouts,
  Clock,
  EndpointSource,
  ExchangeRates,
  LedgerStore,
  ModelCallRecord,
  ModelEndpoint,
  Random,
  RoutingRule,
  RunSpec,
  TraceStep,
} from '@myriad/contracts';
import type { Account, BudgetBook } from '../accounts/budget-book.ts';
import type { RateLimits } from '../accounts/rate-limits.ts';
import type { ExactCache } from '../cache/exact-cache.ts';
import type { SemanticCache } from '../cache/semantic-cache.ts';
import type { EndpointSlots } from '../scheduler/endpoint-slots.ts';
import type { SlotScheduler } from '../scheduler/slot-scheduler.ts';

/** How a call that the caller abandons is billed. */
export type AbortPolicy = 'generated' | 'full';

export interface CallRules {
  readonly timeouts: CallTimeouts;
  readonly abortPolicy: AbortPolicy;
  /** Longest wait for a slot or for money. */
  readonly queueMs: number;
  /** Attempts of one call over all endpoints, the first included. */
  readonly maxAttempts: number;
  /** Output limit sent when money binds and the caller named none. */
  readonly defaultMaxOutputTokens: number;
  /** Second attempt when the first has shown nothing after so long; null for none. */
  readonly hedgeAfterMs: number | null;
  /** Least cosine of two questions that one answer serves, 0 to 1. */
  readonly cacheLikeness: number;
  /** Price of a cache hit as a share of what the answer cost first, 0 to 1. */
  readonly cacheHitPriceRatio: number;
  /** The operator's rules, in order. */
  readonly routing: readonly RoutingRule[];
  /** Whether runs under no budget are also written ahead, so that a dead process leaves a trace of them. */
  readonly holdUnbudgeted: boolean;
}

/** What the kernel has to say to an operator. Never prompts, answers or keys. */
export type KernelLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts: Readonly<Record<string, unknown>>,
) => void;

export interface Parts {
  readonly ledger: LedgerStore;
  readonly endpoints: EndpointSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly owner: string;
  readonly exchange: ExchangeRates;
  readonly rules: CallRules;
  readonly book: BudgetBook;
  readonly limits: RateLimits;
  readonly cache: ExactCache;
  readonly semantic: SemanticCache;
  readonly scheduler: SlotScheduler;
  readonly slotsOf: (endpoint: ModelEndpoint) => EndpointSlots;
  readonly log: KernelLog;
}

/** The account of one run while it is open. */
export interface RunAccount {
  readonly spec: RunSpec;
  readonly startedAt: number;
  /** Clock time after which waiting is of no use; infinite without a deadline. */
  readonly deadlineAt: number;
  readonly calls: ModelCallRecord[];
  readonly steps: TraceStep[];
  /** What each budget's period owes for this run so far. */
  readonly charges: Map<Account, number>;
  readonly pinned: Set<Account>;
  firstTokenAt: number | null;
  servedBy: { readonly endpointId: string; readonly model: string; readonly generates: boolean } | null;
  holdId: string | null;
  /** The hold's way to the ledger; never rejects. */
  holdWritten: Promise<void> | null;
}

export interface Binding {
  readonly budgets: readonly Budget[];
  readonly accounts: readonly Account[];
}
