import type {
  AppRecord,
  CompiledManifest,
  KpiDefinition,
  LocalizedText,
  ManagedExperiment,
  Store,
} from '@myriad/contracts';
import { armText, isWithoutApp } from '../experiments/arms.ts';

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
  /** What the control arm and the treated meet. */
  readonly baseline: string;
  readonly treatment: string;
  /** The control arm goes without the app: only then the experiment tells what the app is worth. */
  readonly withoutApp: boolean;
  /** Id of the experiment that a person started; null for the manifest's own. */
  readonly managed: string | null;
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
  managed: ManagedExperiment | null = null,
): Promise<ExperimentPlan | null> {
  const app = await store.apps.byId(exposure.appId);
  const manifest = await manifestOf(store, exposure.appId, exposure.version);
  if (managed) return app && managedPlan(app, manifest, definitionOf, managed);
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
    baseline: typeof experiment.baseline === 'string' ? experiment.baseline : `version:${experiment.baseline.version}`,
    treatment: 'current',
    withoutApp: typeof experiment.baseline === 'string',
    managed: null,
    goalRatio: kpi.goalRatio ?? defaultGoalRatio,
  };
}

/** The plan of an experiment that a person started: its own definition, with the manifest's words for unregistered KPIs. */
async function managedPlan(
  app: AppRecord,
  manifest: CompiledManifest | null,
  definitionOf: DefinitionOf,
  managed: ManagedExperiment,
): Promise<ExperimentPlan> {
  const own = manifest?.kpi?.metric === managed.kpi ? manifest.kpi : null;
  const fallback = {
    direction: own?.direction ?? ('increase' as const),
    windowMs: managed.windowMs,
    valueMicrosPerUnit: own?.valueMicrosPerUnit ?? null,
    currency: own?.valueCurrency ?? null,
  };
  const guardrails: KpiDefinition[] = [];
  for (const name of managed.guardrails)
    guardrails.push(
      await definitionOf(app.tenant, name, managed.startedAt, {
        ...fallback,
        direction: 'decrease',
        valueMicrosPerUnit: null,
        currency: null,
      }),
    );
  return {
    experiment: managed.key,
    tenant: app.tenant,
    appId: app.id,
    app: app.name,
    title: { en: app.titleEn, zh: app.titleZh },
    kpi: await definitionOf(app.tenant, managed.kpi, managed.startedAt, fallback),
    guardrails,
    windowMs: managed.windowMs,
    holdoutRatio: managed.controlRatio,
    unit: managed.unit,
    baseline: armText(managed.control),
    treatment: armText(managed.treatment),
    withoutApp: isWithoutApp(managed.control),
    managed: managed.id,
    goalRatio: managed.goalRatio,
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
