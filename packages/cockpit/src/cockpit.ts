/** The room's front door as a port. */
import type {
  AppLiftAnswer,
  AppRecord,
  Clock,
  CockpitHealth,
  Decision,
  DecisionLimits,
  DemandAnswer,
  DemoAnswer,
  ExperimentRow,
  KpiDefinition,
  KpiDetail,
  KpiRegistration,
  PortfolioAnswer,
  Random,
  ReplayAnswer,
  StopRequest,
  StopState,
  Store,
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
  /** Attached models. */
  models(): readonly { readonly id: string; readonly name: string; readonly enabled: boolean }[];
  setModelEnabled(id: string, enabled: boolean): Promise<void>;
  /** Validates and publishes a manifest in a tenant, for the sample company. */
  publish(source: string, tenant: string): Promise<AppRecord>;
  onFault?(error: unknown): void;
  /** Time between two readings of the log. */
  readonly everyMs?: number;
}

export interface Cockpit {
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
