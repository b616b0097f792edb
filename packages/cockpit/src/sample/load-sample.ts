import {
  type AppRecord,
  type Clock,
  type DemoAnswer,
  MyriadError,
  newId,
  noUsage,
  type Random,
  type RunRecord,
  type Store,
} from '@myriad/contracts';
import type { KpiRegistry } from '../registry/kpi-registry.ts';
import { sampleTenant } from '../registry/kpi-registry.ts';
import { sampleApps, sampleExperiment, sampleKpis, sampleManifest, sampleTruth } from './sample-company.ts';
import { simulateSample } from './simulate-sample.ts';

export interface SampleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: KpiRegistry;
  readonly currency: string;
  /** Validates and publishes a manifest in the tenant. */
  publish(source: string, tenant: string): Promise<AppRecord>;
}

export const truthKey = 'cockpit:sample';
/** What was put in: true effects by experiment. */
export type SampleTruths = Readonly<Record<string, number>>;

const days = 42;
const seed = 11;

/**
 * Writes the sample company through the store's own paths, with past times: apps, runs with their costs and exposures,
 * KPI events. @throws MyriadError `conflict` when one is loaded.
 */
export async function loadSample(parts: SampleParts): Promise<Omit<DemoAnswer, 'tookMs' | 'loaded'>> {
  const { store, clock, random, registry, currency } = parts;
  if (await store.settings.get(truthKey)) throw new MyriadError('conflict', 'The sample company is loaded already.');
  const truths = Object.fromEntries(sampleApps.map((sample) => [sampleExperiment(sample), sampleTruth(sample)]));
  await store.settings.set(truthKey, truths);
  for (const [name, registration] of Object.entries(sampleKpis(currency)))
    await registry.save(name, registration, 'sample', { sample: true });
  const loaded = [];
  for (const [index, sample] of sampleApps.entries())
    loaded.push({
      sample,
      app: await parts.publish(sampleManifest(sample), sampleTenant),
      days: simulateSample(sample, { days, end: clock.now(), seed: seed + index }),
    });
  let exposures = 0;
  let events = 0;
  for (let day = 0; day < days; day += 1) {
    const today = loaded.flatMap(({ sample, app, days: all }) =>
      (all[day]?.exposures ?? []).map((exposure) => ({ sample, app, exposure })),
    );
    // one after another in the log's order, sent together so that they share a commit
    await Promise.all(
      today
        .sort((a, b) => a.exposure.time - b.exposure.time)
        .map(({ sample, app, exposure }) => {
          const run = sampleRun(newId('run', clock, random), app, exposure, sample.costMicrosPerUnit, currency);
          const full = { ...exposure, appId: app.id, version: app.currentVersion, runId: run.id };
          return store.ledger.settle({ run, exposure: full, charges: [], holdId: null });
        }),
    );
    exposures += today.length;
    const facts = loaded
      .flatMap(({ days: all }) => all[day]?.events ?? [])
      .sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
    await store.kpi.append(facts.map((event) => ({ ...event, source: 'sample', tenant: sampleTenant })));
    events += facts.length;
  }
  return { apps: loaded.length, exposures, events };
}

function sampleRun(
  id: string,
  app: AppRecord,
  exposure: {
    readonly unit: string;
    readonly experiment: string;
    readonly assigned: string;
    readonly delivered: string;
    readonly time: number;
  },
  costMicros: number,
  currency: string,
): RunRecord {
  const cost = exposure.delivered === 'treatment' ? costMicros : 0;
  return {
    id,
    appId: app.id,
    appName: app.name,
    version: app.currentVersion,
    surface: 'system',
    tenant: sampleTenant,
    personId: null,
    keyId: null,
    unit: exposure.unit,
    experiment: exposure.experiment,
    assigned: exposure.assigned,
    delivered: exposure.delivered,
    assignmentReason: 'experiment',
    conversationId: null,
    status: 'ok',
    errorCode: null,
    stream: false,
    startedAt: exposure.time,
    firstTokenAt: null,
    finishedAt: exposure.time + 1_000,
    usage: noUsage,
    costMicros: cost,
    pricedMicros: cost,
    currency,
    model: null,
    calls: [],
    steps: [],
  };
}
