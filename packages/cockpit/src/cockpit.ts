/** The room's front door as a port. */
import type {
  AppLiftAnswer,
  AppRecord,
  Budget,
  Clock,
  CockpitHealth,
  ConsolidationAnswer,
  Decision,
  DecisionLimits,
  DemandAnswer,
  DemoAnswer,
  ExperimentPlanAnswer,
  ExperimentRequest,
  ExperimentRow,
  GlobalHoldoutAnswer,
  KpiDefinition,
  KpiDetail,
  KpiRegistration,
  ManagedExperiment,
  PortfolioAnswer,
  Random,
  ReplayAnswer,
  StopRequest,
  StopState,
  Store,
  TrafficRules,
} from '@myriad/contracts';

export interface CockpitParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Tenant of the house itself. */
  readonly tenant: string;
  readonly currency: string;
  /** Micros of another currency in the house's; null without a rate. */
  convert(micros: number, from: string): number | null;
  /** Share factors by app id, for the scheduler. */
  setShares(shares: ReadonlyMap<string, number>): void;
  setAppStatus(app: AppRecord, status: 'published' | 'stopped', by: string): Promise<void>;
  /** Makes a version by number the current one. */
  setAppVersion(app: AppRecord, number: number, by: string): Promise<void>;
  /** Budget that binds the app now: one that a person set, else the manifest's; null for none. */
  appBudget(app: AppRecord): Promise<AppBudget | null>;
  /** Sets a standing budget of the app, or takes it away. */
  setAppBudget(appId: string, budget: AppBudgetChange | null, by: string): Promise<void>;
  /** Attached models. */
  models(): readonly { readonly id: string; readonly name: string; readonly enabled: boolean }[];
  setModelEnabled(id: string, enabled: boolean): Promise<void>;
  /** Validates and publishes a manifest in a tenant, for the sample company. */
  publish(source: string, tenant: string): Promise<AppRecord>;
  onFault?(error: unknown): void;
  /** Time between two readings of the log. */
  readonly everyMs?: number;
}

export type AppBudget = Budget & {
  /** A person or a decision set it; else it is the manifest's. */
  readonly standing: boolean;
  /** Spent in the present period. */
  readonly spentMicros: number;
};
export type AppBudgetChange = Pick<Budget, 'currency' | 'period'> & { readonly micros: number };

export interface Cockpit {
  /** Who meets what, by decision: read on every run. */
  readonly rules: TrafficRules;
  managedExperiments(): readonly ManagedExperiment[];
  planExperiment(request: ExperimentRequest): Promise<ExperimentPlanAnswer>;
  startExperiment(request: ExperimentRequest, by: string): Promise<ExperimentAction>;
  stopExperiment(id: string, by: string): Promise<ExperimentAction>;
  shipExperiment(id: string, winner: 'control' | 'treatment', by: string): Promise<ExperimentAction>;
  globalHoldout(): Promise<GlobalHoldoutAnswer>;
  setGlobalHoldout(ratio: number, by: string): Promise<Decision>;
  consolidation(days: number): Promise<ConsolidationAnswer>;
  /** Rebuilds from the log, applies standing decisions, and keeps reading until closed. */
  start(): Promise<void>;
  /** Reads what was written since. */
  refresh(): Promise<void>;
  portfolio(which?: 'only' | 'without'): Promise<PortfolioAnswer>;
  /** By name or id. @throws MyriadError `not_found` when the app has no experiment with exposures. */
  appLift(app: string): Promise<AppLiftAnswer>;
  experiments(): Promise<readonly ExperimentRow[]>;
  demand(days: number): Promise<DemandAnswer>;
  health(): Promise<CockpitHealth>;
  /** Rebuilds everything beside the running state and compares bit for bit. */
  replay(): Promise<ReplayAnswer>;
  kpis(): Promise<readonly KpiDefinition[]>;
  kpi(name: string): Promise<KpiDetail>;
  /** Events of the house's goal KPIs about units that no experiment has met, by KPI. */
  unknownUnits(): Promise<ReadonlyMap<string, number>>;
  saveKpi(name: string, registration: KpiRegistration, by: string, restart: boolean): Promise<KpiDefinition>;
  decisions(filter: { readonly status?: Decision['status']; readonly app?: string }): readonly Decision[];
  decide(id: string, action: 'approve' | 'reject' | 'undo', by: string): Promise<Decision>;
  /** Looks at all verdicts and proposes what follows; applies what the owner's limits allow. */
  propose(): Promise<readonly Decision[]>;
  limits(): DecisionLimits;
  setLimits(limits: DecisionLimits, by: string): Promise<DecisionLimits>;
  stopState(): StopState;
  stop(request: StopRequest, by: string): Promise<{ readonly decision: Decision; readonly state: StopState }>;
  loadSample(): Promise<DemoAnswer>;
  removeSample(): Promise<DemoAnswer>;
  close(): Promise<void>;
}

export interface ExperimentAction {
  readonly experiment: ManagedExperiment;
  readonly decision: Decision;
}
