/** Runs: the thing metered, traced and exposed; and the entries of the ledger. */
import type { MediaUnits } from './media.ts';
import type { Currency, Money } from './money.ts';
import type { Usage } from './usage.ts';

export type Surface = 'openai' | 'anthropic' | 'mcp' | 'page' | 'cli' | 'eval' | 'system';

/** How urgent a run is. */
export type Priority = 'interactive' | 'standard' | 'batch';

export type RunStatus = 'ok' | 'error' | 'aborted' | 'refused' | 'lost';

/** Why a unit got its variant. */
export type AssignmentReason =
  | 'experiment'
  | 'no_experiment'
  | 'no_unit'
  | 'not_covered'
  | 'override'
  | 'global_holdout';

/** `control` is the app without the change, `holdout` a unit kept without the app, `treatment` the app. */
export interface Assignment {
  /** Key of the experiment, or null when none runs. */
  readonly experiment: string | null;
  readonly variant: string;
  readonly reason: AssignmentReason;
  readonly unit: string | null;
}

export interface ModelCallRecord {
  readonly id: string;
  readonly endpointId: string;
  readonly model: string;
  /** In words: why this endpoint, and what was tried before. */
  readonly because: string;
  readonly attempt: number;
  readonly startedAt: number;
  readonly queuedMs: number;
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
  readonly usage: Usage;
  /** null when the model is unpriced. */
  readonly cost: Money | null;
  readonly cached: boolean;
  readonly status: 'ok' | 'error' | 'aborted' | 'refused';
  readonly errorCode: string | null;
  /** What a call of images or speech came to. */
  readonly media?: MediaUnits;
}

/** A step of the trace. Details hold names, counts and timings; never prompts, answers or keys. */
export interface TraceStep {
  readonly name: string;
  readonly kind: 'policy' | 'assign' | 'context' | 'retrieve' | 'model' | 'tool' | 'eval' | 'settle' | 'guard';
  readonly startedAt: number;
  readonly tookMs: number;
  readonly ok: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface RunRecord {
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  /** Content hash of the version that ran; null for direct model access. */
  readonly version: string | null;
  readonly surface: Surface;
  readonly tenant: string;
  readonly personId: string | null;
  readonly keyId: string | null;
  readonly unit: string | null;
  readonly experiment: string | null;
  readonly assigned: string;
  readonly delivered: string;
  readonly assignmentReason: AssignmentReason;
  readonly conversationId: string | null;
  readonly status: RunStatus;
  readonly errorCode: string | null;
  readonly stream: boolean;
  readonly startedAt: number;
  readonly firstTokenAt: number | null;
  readonly finishedAt: number;
  readonly usage: Usage;
  /** Cost in micros of `currency`; null when any call was unpriced, with the priced part in `pricedMicros`. */
  readonly costMicros: number | null;
  readonly pricedMicros: number;
  readonly currency: Currency;
  readonly model: string | null;
  readonly calls: readonly ModelCallRecord[];
  readonly steps: readonly TraceStep[];
}

/** A limit on money in a period. `scope` names who it binds, such as `app:app_…`, `key:key_…`, `person:…` or `org`. */
export interface Budget {
  readonly scope: string;
  readonly limitMicros: number;
  readonly currency: Currency;
  readonly period: 'hour' | 'day' | 'week' | 'month' | 'total';
  readonly onExceed: 'refuse' | 'downgrade' | 'queue';
}

/** What a budget has spent and set aside in the period that began at `periodStart`. */
export interface BudgetState {
  readonly scope: string;
  readonly periodStart: number;
  readonly currency: Currency;
  readonly spentMicros: number;
  readonly heldMicros: number;
}

/** Money set aside for a run before any model is called. */
export interface Hold {
  readonly id: string;
  readonly runId: string;
  readonly createdAt: number;
  readonly parts: readonly {
    readonly scope: string;
    readonly periodStart: number;
    readonly micros: number;
    readonly currency: Currency;
  }[];
  /** The process that holds; a hold whose owner is gone is stale. */
  readonly owner: string;
  /** Enough of the run to book it as `lost` when the process died. */
  readonly run: Pick<
    RunRecord,
    | 'appId'
    | 'appName'
    | 'version'
    | 'surface'
    | 'tenant'
    | 'personId'
    | 'keyId'
    | 'unit'
    | 'experiment'
    | 'assigned'
    | 'startedAt'
    | 'stream'
    | 'assignmentReason'
    | 'conversationId'
    | 'delivered'
  >;
}

/** What a settlement changes in each budget. */
export interface BudgetCharge {
  readonly scope: string;
  readonly periodStart: number;
  readonly currency: Currency;
  readonly micros: number;
}

/** First moment at which a unit's experience could differ by its variant; one per unit and experiment. */
export interface Exposure {
  readonly experiment: string;
  readonly appId: string;
  readonly version: string | null;
  readonly unit: string;
  readonly assigned: string;
  readonly delivered: string;
  readonly runId: string;
  readonly time: number;
}

/** One dated fact of the business about a unit. A correction is an event with a negative value. */
export interface KpiEvent {
  readonly id: string;
  readonly kpi: string;
  readonly unit: string;
  readonly value: number;
  /** UTC milliseconds. */
  readonly time: number;
}
