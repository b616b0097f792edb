import {
  type AppRunRequest,
  type Assignment,
  type CompiledManifest,
  type ExperimentArm,
  MyriadError,
  type TrafficRules,
} from '@myriad/contracts';
import { assignUnit } from '../assignment/assign-unit.ts';
import type { VersionReader } from '../registry/versions.ts';

/** What a run will serve, decided before any model is called. */
export interface ResolvedRun {
  readonly manifest: CompiledManifest;
  /** Content hash; null for a draft that was never published. */
  readonly version: string | null;
  readonly assignment: Assignment;
  /** `app` as its manifest says; `model` without instructions, knowledge and tools; `none`: not served. */
  readonly serve: 'app' | 'model' | 'none';
  /** Base model that the run is sent to; null for the router's choice. */
  readonly model: string | null;
  /** Variant that the unit really meets: `none` when not served, `fallback` when its base model was not there. */
  readonly delivered: string;
  /** Why a unit is not served, fit to show. */
  readonly because: string | null;
}

const override: Assignment = { experiment: null, variant: 'treatment', reason: 'override', unit: null };

/** Rules of a house without a cockpit. */
export const noRules: TrafficRules = {
  experiment: () => null,
  globalHoldoutRatio: () => 0,
  route: () => null,
  canServe: () => true,
};

/**
 * Version first, then the unit's variant. A run of a named version or of a draft is no part of an experiment. A unit
 * meets its arm of the started experiment, or else what the manifest's `baseline` says.
 *
 * @throws MyriadError `app_stopped`, `app_not_found` (no published version), `not_found` (no such version).
 */
export async function resolveRun(
  request: AppRunRequest,
  versions: VersionReader,
  rules: TrafficRules = noRules,
): Promise<ResolvedRun> {
  const { app } = request;
  const unit = request.unit ?? null;
  const plain = { assignment: { ...override, unit }, serve: 'app', model: null, because: null } as const;
  if (request.manifest) return { ...plain, manifest: request.manifest, version: null, delivered: 'treatment' };
  if (app.status === 'stopped' || app.status === 'retired') {
    throw new MyriadError('app_stopped', `${app.name} is ${app.status}.`, { facts: { app: app.name } });
  }
  if (request.version !== undefined) {
    const { manifest, hash } = await versions.byHash(app, request.version);
    return { ...plain, manifest, version: hash, delivered: 'treatment' };
  }
  const current = await versions.current(app);
  if (!current) throw new MyriadError('app_not_found', `${app.name} has no published version yet.`);
  const experiment = rules.experiment(app.id);
  const globalHoldoutRatio = rules.globalHoldoutRatio();
  const assignment = assignUnit(current.manifest, unit, { experiment, globalHoldoutRatio });
  const base = { manifest: current.manifest, version: current.hash, assignment, because: null, model: null };
  const arm = armOf(current.manifest, assignment, experiment);
  const route = rules.route(app.id);
  if (arm.serve === 'none') {
    const because = `${app.name} is not served to this unit: it is in the group that shows what happens without the app.`;
    return { ...base, serve: 'none', delivered: 'none', because };
  }
  if (arm.serve === 'model') return { ...base, serve: 'model', delivered: assignment.variant };
  if (arm.serve === 'base') {
    const there = rules.canServe(arm.model);
    const delivered = there ? assignment.variant : 'fallback';
    return { ...base, serve: 'app', model: there ? arm.model : null, delivered };
  }
  // a route that was decided holds while its model is there; without it the router chooses again
  const model = route !== null && rules.canServe(route) ? route : null;
  if (arm.serve !== 'version') return { ...base, serve: 'app', model, delivered: assignment.variant };
  try {
    const other = await versions.byNumber(app, arm.version);
    const { manifest, hash } = other;
    return { ...base, manifest, version: hash, serve: 'app', model, delivered: assignment.variant };
  } catch (error) {
    if (!(error instanceof MyriadError) || error.code !== 'not_found') throw error;
    const because = `${app.name} is not served to this unit: its experiment compares with version ${arm.version}, which does not exist.`;
    return { ...base, serve: 'none', delivered: 'none', because };
  }
}

/** What the unit's variant means: by the started experiment, else by the manifest's `baseline`. */
function armOf(
  manifest: CompiledManifest,
  { variant, reason }: Assignment,
  experiment: { readonly control: ExperimentArm; readonly treatment: ExperimentArm } | null,
): ExperimentArm {
  const isExperiment = reason === 'experiment' && experiment !== null;
  if (variant !== 'holdout') return isExperiment ? experiment.treatment : { serve: 'current' };
  if (isExperiment) return experiment.control;
  const baseline = manifest.kpi?.experiment?.baseline ?? 'none';
  return typeof baseline === 'string' ? { serve: baseline } : { serve: 'version', version: baseline.version };
}
