import type { Assignment, CompiledManifest } from '@myriad/contracts';
import { hashUnit } from '@myriad/lift';

/** Name of an app's experiment, and seed of its hash: `<app name>:<KPI metric>`. */
export function experimentKey(manifest: Pick<CompiledManifest, 'name' | 'kpi'>): string | null {
  return manifest.kpi?.experiment ? `${manifest.name}:${manifest.kpi.metric}` : null;
}

/**
 * The variant of a unit: `holdout` when its hash falls below the holdout's share, else `treatment`. The same unit gets the
 * same variant as long as the share stands; raising the share moves units into the holdout and none out of it.
 */
export function assignUnit(manifest: Pick<CompiledManifest, 'name' | 'kpi'>, unit: string | null): Assignment {
  const experiment = experimentKey(manifest);
  const holdoutRatio = manifest.kpi?.experiment?.holdoutRatio ?? 0;
  if (experiment === null) return { experiment: null, variant: 'treatment', reason: 'no_experiment', unit };
  if (unit === null || unit === '') return { experiment: null, variant: 'treatment', reason: 'no_unit', unit: null };
  const variant = hashUnit(experiment, unit) < holdoutRatio ? 'holdout' : 'treatment';
  return { experiment, variant, reason: 'experiment', unit };
}
