import { type AppRunRequest, type Assignment, type CompiledManifest, MyriadError } from '@myriad/contracts';
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
  /** Why a unit is not served, fit to show. */
  readonly because: string | null;
}

const override: Assignment = { experiment: null, variant: 'treatment', reason: 'override', unit: null };

/**
 * Version first, then the unit's variant. A run of a named version or of a draft is no part of an experiment. A holdout
 * meets what the manifest's `baseline` says.
 *
 * @throws MyriadError `app_stopped`, `app_not_found` (no published version), `not_found` (no such version).
 */
export async function resolveRun(request: AppRunRequest, versions: VersionReader): Promise<ResolvedRun> {
  const { app } = request;
  const unit = request.unit ?? null;
  if (request.manifest) {
    const assignment = { ...override, unit };
    return { manifest: request.manifest, version: null, assignment, serve: 'app', because: null };
  }
  if (app.status === 'stopped' || app.status === 'retired') {
    throw new MyriadError('app_stopped', `${app.name} is ${app.status}.`, { facts: { app: app.name } });
  }
  if (request.version !== undefined) {
    const { manifest, hash } = await versions.byHash(app, request.version);
    return { manifest, version: hash, assignment: { ...override, unit }, serve: 'app', because: null };
  }
  const current = await versions.current(app);
  if (!current) throw new MyriadError('app_not_found', `${app.name} has no published version yet.`);
  const assignment = assignUnit(current.manifest, unit);
  const base = { manifest: current.manifest, version: current.hash, assignment, because: null };
  if (assignment.variant !== 'holdout') return { ...base, serve: 'app' };
  const baseline = current.manifest.kpi?.experiment?.baseline ?? 'none';
  if (baseline === 'model') return { ...base, serve: 'model' };
  if (baseline === 'none') {
    const because = `${app.name} is not served to this unit: it is in the group that shows what happens without the app.`;
    return { ...base, serve: 'none', because };
  }
  try {
    const older = await versions.byNumber(app, baseline.version);
    return { ...base, manifest: older.manifest, version: older.hash, serve: 'app' };
  } catch (error) {
    if (!(error instanceof MyriadError) || error.code !== 'not_found') throw error;
    const because = `${app.name} is not served to this unit: its experiment compares with version ${baseline.version}, which does not exist.`;
    return { ...base, serve: 'none', because };
  }
}
