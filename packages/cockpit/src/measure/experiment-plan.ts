import type { CompiledManifest, KpiDefinition, LocalizedText, Store } from '@myriad/contracts';

/** What an experiment measures, read from the manifest of its first exposure and the registry of KPIs. */
export interface ExperimentPlan {
  readonly experiment: string;
  readonly tenant: string;
  readonly appId: string;
  readonly app: string;
  readonly title: LocalizedText;
  readonly kpi: KpiDefinition;
  readonly guardrails: readonly KpiDefinition[];
  readonly windowMs: number;
  readonly holdoutRatio: number;
  readonly unit: string;
  readonly baseline: string;
  /** Relative change that would matter: the manifest's goal, else 5 %. */
  readonly goalRatio: number;
}

/** The definition of a KPI, frozen from `at` on. `fallback` is used where nobody registered it. */
export type DefinitionOf = (
  tenant: string,
  name: string,
  at: number,
  fallback: Pick<KpiDefinition, 'direction' | 'windowMs' | 'valueMicrosPerUnit' | 'currency'>,
) => Promise<KpiDefinition>;

const defaultGoalRatio = 0.05;

/** @returns null when the app or its version is gone, or has no experiment of that name. */
export async function planOf(
  store: Pick<Store, 'apps'>,
  definitionOf: DefinitionOf,
  exposure: {
    readonly experiment: string;
    readonly appId: string;
    readonly version: string | null;
    readonly time: number;
  },
): Promise<ExperimentPlan | null> {
  const app = await store.apps.byId(exposure.appId);
  const manifest = await manifestOf(store, exposure.appId, exposure.version);
  const kpi = manifest?.kpi;
  if (!app || !manifest || !kpi?.experiment) return null;
  const { experiment } = kpi;
  const fallback = {
    direction: kpi.direction,
    windowMs: experiment.windowMs,
    valueMicrosPerUnit: kpi.valueMicrosPerUnit,
    currency: kpi.valueCurrency,
  };
  const guardrails: KpiDefinition[] = [];
  for (const name of experiment.guardrails) {
    // a guardrail nobody registered is taken as something of which less is better: complaints, errors, time
    const unregistered = { ...fallback, direction: 'decrease' as const, valueMicrosPerUnit: null, currency: null };
    guardrails.push(await definitionOf(app.tenant, name, exposure.time, unregistered));
  }
  return {
    experiment: exposure.experiment,
    tenant: app.tenant,
    appId: app.id,
    app: app.name,
    title: { en: app.titleEn, zh: app.titleZh },
    kpi: await definitionOf(app.tenant, kpi.metric, exposure.time, fallback),
    guardrails,
    windowMs: experiment.windowMs,
    holdoutRatio: experiment.holdoutRatio,
    unit: experiment.unit,
    baseline: typeof experiment.baseline === 'string' ? experiment.baseline : `version ${experiment.baseline.version}`,
    goalRatio: kpi.goalRatio ?? defaultGoalRatio,
  };
}

/** The manifest that an exposure met. */
export async function manifestOf(
  store: Pick<Store, 'apps'>,
  appId: string,
  version: string | null,
): Promise<CompiledManifest | null> {
  if (version === null) return null;
  return (await store.apps.version(appId, version))?.manifest ?? null;
}
