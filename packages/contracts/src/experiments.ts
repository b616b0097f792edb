/** Experiments that people plan, start, stop and ship from the cockpit, and the rules of traffic that follow. */
import type { Bounds, Decision } from './cockpit.ts';
import type { LocalizedText } from './manifest.ts';

/**
 * What a unit of an arm meets: nothing (`none`), the plain base model without the app (`model`), the version that is
 * current (`current`), a version by number, or the current version on one base model.
 */
export type ExperimentArm =
  | { readonly serve: 'none' | 'model' | 'current' }
  | { readonly serve: 'version'; readonly version: number }
  | { readonly serve: 'base'; readonly model: string };

/** An experiment as traffic needs it. */
export interface LiveExperiment {
  /** Name in the log, and seed of the public hash. */
  readonly key: string;
  readonly control: ExperimentArm;
  readonly treatment: ExperimentArm;
  /** Share of units that meet `control`, 0 to 1. */
  readonly controlRatio: number;
}

/** What decisions of the cockpit change about who meets what. Read on every run, so all of it is in memory. */
export interface TrafficRules {
  /** The app's started experiment; null leaves the manifest's own. */
  experiment(appId: string): LiveExperiment | null;
  /** Share of units kept without any app under experiment; 0 for none. */
  globalHoldoutRatio(): number;
  /** Base model that the app's runs go to, by decision; null for the router's choice. */
  route(appId: string): string | null;
  /** Whether a base model is attached and enabled now. */
  canServe(model: string): boolean;
}

/** Arms are written `none`, `model`, `current`, `version:3` or `base:NAME`. */
export interface ExperimentRequest {
  /** Name or id. */
  readonly app: string;
  /** The manifest's KPI unless given. */
  readonly kpi?: string;
  readonly control: string;
  readonly treatment: string;
  /** Share of units in the control arm, 0.01 to 0.99; half unless given. */
  readonly controlRatio?: number;
  /** KPIs that must not get worse: at least one. */
  readonly guardrails: readonly string[];
  /** Relative change of the KPI that would matter; the manifest's goal, else 0.05. */
  readonly goalRatio?: number;
  /** What is expected where nothing was measured yet. */
  readonly mean?: number;
  readonly standardDeviation?: number;
  readonly unitsPerDay?: number;
}

/** What can be known before an experiment starts. Nothing is written by asking. */
export interface ExperimentPlanAnswer {
  readonly app: string;
  readonly kpi: string;
  readonly control: string;
  readonly treatment: string;
  readonly controlRatio: number;
  readonly guardrails: readonly string[];
  readonly goalRatio: number;
  /** Per-unit mean and spread, and new units a day; null where neither measured nor given. */
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly unitsPerDay: number | null;
  readonly basis: 'measured' | 'given' | 'unknown';
  /** Units and time until the goal, if it is real, is seen with 80 % power under always-valid intervals. */
  readonly unitsNeeded: number | null;
  readonly timeToVerdictMs: number | null;
  /** After each week: power at the goal, and the relative effect that would be seen with 80 % power. */
  readonly weeks: readonly { readonly week: number; readonly power: number; readonly leastEffect: number | null }[];
  /** What stands in the way of a start; empty when it may begin. */
  readonly problems: readonly LocalizedText[];
  readonly warnings: readonly LocalizedText[];
}

/** A started experiment. Its definition never changes; another one is another experiment. */
export interface ManagedExperiment {
  readonly id: string;
  readonly key: string;
  readonly appId: string;
  readonly app: string;
  readonly kpi: string;
  readonly control: ExperimentArm;
  readonly treatment: ExperimentArm;
  readonly controlRatio: number;
  readonly guardrails: readonly string[];
  readonly goalRatio: number;
  readonly windowMs: number;
  readonly unit: string;
  readonly status: 'running' | 'stopped' | 'shipped';
  readonly startedAt: number;
  readonly startedBy: string;
  readonly endedAt: number | null;
  readonly winner: 'control' | 'treatment' | null;
}

/** What all apps under experiment earned together, by the units kept without any of them. */
export interface GlobalHoldoutAnswer {
  readonly ratio: number;
  /** Units first met from here on count; null while there is no holdout. */
  readonly since: number | null;
  readonly heldOut: number;
  readonly treated: number;
  /** Money a unit, treated less held out, with its always-valid interval, in micros; null while too few units. */
  readonly perUnit: Bounds | null;
  /** The same times the treated units. */
  readonly earned: Bounds | null;
  readonly currency: string;
  /** KPIs whose declared worth is counted. */
  readonly kpis: readonly string[];
}

/** One base model as consolidation sees it. */
export interface ConsolidationRow {
  readonly model: string;
  readonly enabled: boolean;
  /** Apps that it served in the days looked at, with what it cost them. */
  readonly apps: readonly ConsolidationApp[];
  readonly spentMicros: number;
  readonly tokens: number;
  /** Model that could take over all of its apps; null when none is cheaper or proven. */
  readonly replacement: string | null;
  /** What the replacement would have saved over these days. */
  readonly savesMicros: number | null;
  /** `proven`: every app shows it; `untested`: an experiment would tell; `worse`: some app would lose; `idle`: unused. */
  readonly state: 'proven' | 'untested' | 'worse' | 'idle' | 'needed';
  readonly because: LocalizedText;
}

export interface ConsolidationApp {
  readonly app: string;
  readonly runs: number;
  readonly spentMicros: number;
  /** Evidence for the replacement on the app's KPI, as a relative loss with its interval; null when not tested. */
  readonly kpi: {
    readonly experiment: string;
    readonly effect: Bounds;
    /** Largest relative loss that is accepted. */
    readonly marginRatio: number;
    readonly nonInferior: boolean;
  } | null;
}

export interface ConsolidationAnswer {
  readonly days: number;
  readonly currency: string;
  readonly marginRatio: number;
  readonly rows: readonly ConsolidationRow[];
  readonly savesMicros: number;
}

/** The experiments' part of `ApiRoutes`. */
export interface ExperimentRoutes {
  'GET /api/experiments': { answer: { readonly items: readonly ManagedExperiment[] } };
  'POST /api/experiments/plan': { body: ExperimentRequest; answer: ExperimentPlanAnswer };
  'POST /api/experiments': {
    body: ExperimentRequest;
    answer: { readonly experiment: ManagedExperiment; readonly decision: Decision };
  };
  /** `ship` needs the winner: it becomes what everyone meets; the decision's undo goes back. */
  'POST /api/experiments/:id': {
    body: { readonly action: 'stop' | 'ship'; readonly winner?: 'control' | 'treatment' };
    answer: { readonly experiment: ManagedExperiment; readonly decision: Decision };
  };
  'GET /api/cockpit/holdout': { answer: GlobalHoldoutAnswer };
  'PUT /api/cockpit/holdout': { body: { readonly ratio: number }; answer: Decision };
  'GET /api/cockpit/consolidation': { query: { days?: string }; answer: ConsolidationAnswer };
}
