import type { Assignment, CompiledManifest, LiveExperiment } from '@myriad/contracts';
import { hashUnit } from '@myriad/lift';

/** Name of an app's experiment, and seed of its hash: `<app name>:<KPI metric>`. */
export function experimentKey(manifest: Pick<CompiledManifest, 'name' | 'kpi'>): string | null {
  return manifest.kpi?.experiment ? `${manifest.name}:${manifest.kpi.metric}` : null;
}

/**
 * The variant of a unit: `holdout` when its hash falls below the holdout's share, else `treatment`. The same unit gets the
 * same variant as long as the share stands; raising the share moves units into the holdout and none out of it.
 * An experiment that was started in the cockpit stands in place of the manifest's.
 */
export function assignUnit(
  manifest: Pick<CompiledManifest, 'name' | 'kpi'>,
  unit: string | null,
  rules: { readonly experiment?: LiveExperiment | null; readonly globalHoldoutRatio?: number } = {},
): Assignment {
  const experiment = rules.experiment?.key ?? experimentKey(manifest);
  const holdoutRatio = rules.experiment?.controlRatio ?? manifest.kpi?.experiment?.holdoutRatio ?? 0;
  if (experiment === null) return { experiment: null, variant: 'treatment', reason: 'no_experiment', unit };
  if (unit === null || unit === '') return { experiment: null, variant: 'treatment', reason: 'no_unit', unit: null };
  if (isHeldOutGlobally(unit, rules.globalHoldoutRatio ?? 0))
    return { experiment, variant: 'holdout', reason: 'global_holdout', unit };
  const variant = hashUnit(experiment, unit) < holdoutRatio ? 'holdout' : 'treatment';
  return { experiment, variant, reason: 'experiment', unit };
}

/** Whether a unit is kept without every app under experiment: its own hash, so that it is independent of each of them. */
export function isHeldOutGlobally(unit: string, ratio: number): boolean {
  return ratio > 0 && hashUnit('global-holdout', unit) < ratio;
}
