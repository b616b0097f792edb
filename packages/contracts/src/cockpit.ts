/**
 * What the cockpit answers: what each app changed in the business, how sure that is now, what it earned against what it
 * cost, and what to do next. Every interval is always valid: it holds however often one looks. Money is in micros of
 * `currency`; effects are in the KPI's unit per unit of the experiment. `null` means "not yet known", never 0.
 */
import type { LocalizedText } from './manifest.ts';
import type { Page } from './store.ts';

export type Verdict = 'Grow' | 'Keep' | 'Review' | 'Retire' | 'Too early';

/** `mean`: total of a unit's events; `proportion`: whether it had one; `ratio`: total over the total of another KPI. */
export type KpiType = 'mean' | 'count' | 'proportion' | 'ratio';

/** An estimate and the ends of its always-valid interval; null ends are open. */
export interface Bounds {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What the owner of a KPI registers. */
export interface KpiRegistration {
  readonly title: LocalizedText;
  readonly type: KpiType;
  readonly direction: 'increase' | 'decrease';
  /** Unit of measure, such as `hours` or `orders`. */
  readonly unit: string;
  /** Events count from a unit's first exposure for so long. */
  readonly windowMs: number;
  /** Worth of one unit of the KPI, at least 0; null when nobody said. */
  readonly valueMicrosPerUnit: number | null;
  readonly currency: string | null;
  /** Cap on a unit's total, registered before the experiment. */
  readonly cap: number | null;
  /** KPI that a `ratio` divides by. */
  readonly denominator: string | null;
  /** A unit's total over this time before its exposure reduces the noise (CUPED); null for none. */
  readonly historyMs: number | null;
  /** Person who answers for the definition; should not own the apps that are judged by it. */
  readonly owner: string;
  readonly role: 'goal' | 'guardrail';
}

export interface KpiDefinition extends KpiRegistration {
  readonly name: string;
  /** Counts from 1; every change makes a new one. */
  readonly version: number;
  /** First exposure of an experiment that counts by it; from then on its measure stands. */
  readonly frozenAt: number | null;
  /** Only units first exposed from here on count; 0 for all. A change after the freezing restarts. */
  readonly startsAt: number;
  readonly changedAt: number;
  readonly changedBy: string;
  /** `manifest`: nobody registered it, the app's own words are used. */
  readonly source: 'registered' | 'manifest' | 'sample';
  readonly sample: boolean;
}

export interface KpiDetail {
  readonly kpi: KpiDefinition;
  /** Newest first. */
  readonly versions: readonly KpiDefinition[];
  readonly apps: readonly string[];
}

/** One look at an experiment: the state of the evidence at a moment of the log. */
export interface Look {
  readonly time: number;
  readonly units: number;
  readonly effect: Bounds;
}

/** Known only for sample data: what the simulation put in. */
export interface SampleTruth {
  /** True difference per unit, oriented as the KPI (a good decrease is negative). */
  readonly effect: number;
  readonly insideInterval: boolean | null;
}

export interface PortfolioRow {
  readonly appId: string;
  readonly app: string;
  readonly title: LocalizedText;
  readonly experiment: string;
  readonly sample: boolean;
  readonly kpi: string;
  readonly kpiUnit: string;
  readonly direction: 'increase' | 'decrease';
  readonly verdict: Verdict;
  readonly because: LocalizedText;
  /** Measurement is broken: nothing may be concluded and no share moves. */
  readonly blocked: boolean;
  readonly blockedReason: 'sample_ratio_mismatch' | 'contaminated' | 'aa_failed' | null;
  /** Difference per unit, as measured; null while there are too few units. */
  readonly absolute: Bounds | null;
  /** Relative lift as a Fieller set; null is "not yet known". */
  readonly relative: Bounds | null;
  /** Effect after shrinking towards the apps judged by the same KPI; rankings and money use it. */
  readonly shrunken: number | null;
  readonly units: number;
  /** Selected among all apps by e-BH at 5 %. */
  readonly selected: boolean;
  /** Null when the KPI has no money value or nothing is known yet. */
  readonly earned: Bounds | null;
  readonly spentMicros: number;
  readonly net: Bounds | null;
  readonly currency: string;
  /** Share of capacity against the share it began with: 1 is its base. */
  readonly share: number;
  readonly status: 'published' | 'stopped' | 'retired' | 'draft';
  /** 0 once decided; null when it cannot be said. */
  readonly timeToVerdictMs: number | null;
  readonly guardrails: { readonly ok: number; readonly tripped: readonly string[] };
  /** Looks, oldest first, at most 60. */
  readonly sparkline: readonly Look[];
  readonly truth: SampleTruth | null;
}

export interface PortfolioAnswer {
  readonly time: number;
  readonly currency: string;
  readonly headline: {
    readonly apps: number;
    /** Sum over apps with a money value, intervals added end by end (which is cautious); null when none is known. */
    readonly earned: Bounds | null;
    readonly spentMicros: number;
    readonly byVerdict: Readonly<Record<Verdict, number>>;
    /** The answer to "what did it bring?" in a sentence. */
    readonly sentence: LocalizedText;
  };
  /** Best shrunken value first. */
  readonly rows: readonly PortfolioRow[];
  readonly needsYou: readonly Decision[];
  /** Sample rows are shown and marked while a sample company is loaded. */
  readonly sample: boolean;
  /** How far the log is read. */
  readonly log: LogPosition;
}

export interface LogPosition {
  readonly exposures: number;
  readonly events: number;
  /** Milliseconds between the newest event's receipt and its counting; null before the first. */
  readonly lagMs: number | null;
}

export interface ArmEvidence {
  readonly variant: string;
  readonly units: number;
  /** Mean per unit, after the cap, and per-unit variance. */
  readonly mean: number;
  readonly variance: number;
  /** Σy and Σ(y − ȳ)², from which all is computed; capped. */
  readonly sum: number;
  readonly squaredDeviations: number;
  readonly uncappedMean: number;
  readonly delivered: Readonly<Record<string, number>>;
}

export interface GuardrailEvidence {
  readonly kpi: string;
  readonly direction: 'increase' | 'decrease';
  readonly tripped: boolean;
  readonly sureHarm: number;
  readonly effect: Bounds | null;
}

export interface AppLiftAnswer {
  readonly row: PortfolioRow;
  readonly kpi: KpiDefinition;
  /** All looks, oldest first. */
  readonly sequence: readonly Look[];
  /** Control first. */
  readonly arms: readonly ArmEvidence[];
  readonly sampleRatio: { readonly planned: readonly number[]; readonly pValue: number; readonly mismatch: boolean };
  readonly contamination: { readonly ratio: number; readonly blocks: boolean };
  readonly guardrails: readonly GuardrailEvidence[];
  /** e-process of "no effect" and its p-value. */
  readonly evidence: { readonly logE: number; readonly pValue: number } | null;
  readonly varianceReduction: number;
  readonly counted: EventCounts;
  /** The formula in words, with this app's numbers. */
  readonly formula: LocalizedText;
  readonly decisions: readonly Decision[];
}

export interface EventCounts {
  readonly counted: number;
  readonly beforeExposure: number;
  readonly afterWindow: number;
  readonly unknownUnits: number;
  /** Came later than a day after they happened; they count all the same. */
  readonly late: number;
  readonly corrections: number;
  /** Dated after their receipt. */
  readonly ahead: number;
}

export type DecisionKind =
  | 'share'
  | 'stop'
  | 'resume'
  | 'stop-model'
  | 'resume-model'
  | 'stop-all'
  | 'resume-all'
  | 'budget'
  | 'holdout'
  | 'start-experiment'
  | 'stop-experiment'
  | 'ship';
export type DecisionStatus = 'proposed' | 'applied' | 'rejected' | 'undone' | 'superseded';

export interface Decision {
  readonly id: string;
  readonly kind: DecisionKind;
  readonly status: DecisionStatus;
  readonly appId: string | null;
  readonly app: string | null;
  readonly model: string | null;
  readonly sample: boolean;
  /** Id of the experiment that was started, stopped or shipped. */
  readonly experiment?: string | null;
  /** For `ship`: what everyone meets from now on, and what they met before, to go back to. */
  readonly shipped?: ShippedState | null;
  readonly before?: ShippedState | null;
  /** For `budget`: currency and period of the limit in micros that `from` and `to` hold. */
  readonly budget?: { readonly currency: string; readonly period: 'hour' | 'day' | 'week' | 'month' | 'total' } | null;
  /** For `share`: relative to the app's base; for `budget`: micros; for `holdout`: share of units. */
  readonly from: number | null;
  readonly to: number | null;
  readonly verdict: Verdict | null;
  readonly because: LocalizedText;
  readonly proposedAt: number;
  readonly decidedAt: number | null;
  /** A person's id, or `automatic` inside the owner's limits. */
  readonly decidedBy: string | null;
  readonly canUndo: boolean;
}

/** What an app's runs meet: a version by number, the base model they are sent to, and whether it runs at all. */
export interface ShippedState {
  readonly version: number;
  readonly route: string | null;
  readonly stopped: boolean;
}

/** What may be applied without asking. */
export interface DecisionLimits {
  readonly automaticShares: boolean;
  /** Automatic shares stay between these, relative to base. */
  readonly lowestShare: number;
  readonly highestShare: number;
  readonly automaticStops: boolean;
  /** Budgets may change by themselves up to `highestBudgetMicros` an app (in the house's currency). */
  readonly automaticBudgets?: boolean;
  readonly highestBudgetMicros?: number;
}

export interface ExperimentRow {
  readonly experiment: string;
  /** Id of the experiment where it was started in the cockpit; null for a manifest's own. */
  readonly id: string | null;
  readonly appId: string;
  readonly app: string;
  readonly sample: boolean;
  readonly kpi: string;
  readonly kpiVersion: number;
  readonly unit: string;
  readonly holdoutRatio: number;
  readonly baseline: string;
  /** What the treated meet. */
  readonly treatment: string;
  readonly guardrails: readonly string[];
  readonly windowMs: number;
  readonly startedAt: number | null;
  readonly units: number;
  readonly unitsPerDay: number;
  readonly verdict: Verdict;
  readonly timeToVerdictMs: number | null;
  /** Effect with its always-valid interval, as measured. */
  readonly effect: Bounds | null;
  readonly relative: Bounds | null;
  readonly guardrailsTripped: readonly string[];
  readonly status: 'waiting' | 'running' | 'decided' | 'blocked' | 'stopped' | 'shipped';
}

export interface DemandCluster {
  readonly id: string;
  /** Shortest question of the cluster, masked. */
  readonly title: string;
  readonly count: number;
  readonly people: number;
  readonly reasons: {
    readonly notFound: number;
    readonly thumbsDown: number;
    readonly errors: number;
    readonly rephrased: number;
    readonly abandoned: number;
  };
  readonly apps: readonly string[];
  readonly examples: readonly { readonly text: string; readonly time: number; readonly app: string }[];
  readonly lastTime: number;
  /** Manifest that could serve it, as YAML to edit. */
  readonly draftManifest: string;
}

export interface DemandAnswer {
  readonly clusters: readonly DemandCluster[];
  /** Unserved questions looked at, and the days they come from. */
  readonly questions: number;
  readonly days: number;
}

export interface CockpitHealth {
  readonly aa: {
    readonly comparisons: number;
    readonly alarms: number;
    readonly errorRatio: number;
    readonly level: number;
    readonly pValue: number;
    readonly failed: boolean;
    readonly rows: readonly { readonly experiment: string; readonly units: number; readonly pValue: number }[];
  };
  readonly log: LogPosition;
  readonly unknownUnits: number;
  readonly experiments: number;
  /** Fingerprint of all sums; the same after a replay of the log. */
  readonly fingerprint: string;
}

export interface ReplayAnswer {
  readonly identical: boolean;
  readonly live: string;
  readonly replayed: string;
  readonly exposures: number;
  readonly events: number;
  readonly ledgers: number;
  readonly tookMs: number;
}

export interface StopState {
  readonly everything: boolean;
  /** Apps and models stopped from the cockpit. */
  readonly apps: readonly string[];
  readonly models: readonly string[];
}

export interface StopRequest {
  readonly what: 'app' | 'model' | 'everything';
  /** Name or id; not for `everything`. */
  readonly name?: string;
  readonly resume?: boolean;
}

export interface DemoAnswer {
  readonly loaded: boolean;
  readonly apps: number;
  readonly exposures: number;
  readonly events: number;
  readonly tookMs: number;
}

/** The cockpit's part of `ApiRoutes`. */
export interface CockpitRoutes {
  'GET /api/cockpit/portfolio': { query: { sample?: 'only' | 'without' }; answer: PortfolioAnswer };
  'GET /api/cockpit/apps/:app': { answer: AppLiftAnswer };
  'GET /api/cockpit/experiments': { answer: { readonly items: readonly ExperimentRow[] } };
  'GET /api/cockpit/demand': { query: { days?: string }; answer: DemandAnswer };
  'GET /api/cockpit/health': { answer: CockpitHealth };
  'POST /api/cockpit/replay': { answer: ReplayAnswer };
  'GET /api/cockpit/stop': { answer: StopState };
  'POST /api/cockpit/stop': { body: StopRequest; answer: { readonly decision: Decision; readonly state: StopState } };
  'GET /api/cockpit/limits': { answer: DecisionLimits };
  'PUT /api/cockpit/limits': { body: DecisionLimits; answer: DecisionLimits };
  'GET /api/kpis': { answer: { readonly items: readonly KpiDefinition[] } };
  'GET /api/kpis/:name': { answer: KpiDetail };
  /** `restart` is needed to change the measure of a frozen KPI; without it `conflict`. */
  'PUT /api/kpis/:name': { body: KpiRegistration & { readonly restart?: boolean }; answer: KpiDefinition };
  'GET /api/decisions': { query: { status?: DecisionStatus; app?: string }; answer: Page<Decision> };
  'POST /api/decisions/:id': { body: { readonly action: 'approve' | 'reject' | 'undo' }; answer: Decision };
  'POST /api/cockpit/demo': { answer: DemoAnswer };
  'DELETE /api/cockpit/demo': { answer: DemoAnswer };
}
