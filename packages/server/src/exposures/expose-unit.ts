import { type AppRecord, type Exposure, MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';

/**
 * Writes that another system let a unit meet its variant. The first exposure of a unit counts, whoever saw it.
 *
 * @returns The exposure, and whether it is the unit's first; null when the app has no experiment that covers the unit.
 */
export async function exposeUnit(
  house: House,
  app: AppRecord,
  unit: string,
  seen: { readonly delivered: string; readonly source: 'ofrep' | 'api'; readonly time?: number },
): Promise<{ readonly exposure: Exposure; readonly first: boolean } | null> {
  const assignment = await house.apps.assign(app, unit);
  if (assignment.experiment === null || assignment.reason !== 'experiment') return null;
  if (app.status !== 'published')
    throw new MyriadError('app_stopped', `"${app.name}" is stopped; nobody can have met it.`);
  const exposure: Exposure = {
    ...{ experiment: assignment.experiment, appId: app.id, version: app.currentVersion, unit },
    ...{ assigned: assignment.variant, delivered: seen.delivered },
    // No run of ours stands behind it; this says who reported it.
    runId: `external:${seen.source}`,
    time: seen.time ?? house.clock.now(),
  };
  return { exposure, first: await house.store.log.expose(exposure) };
}
