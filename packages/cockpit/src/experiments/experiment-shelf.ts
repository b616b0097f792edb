import type { ManagedExperiment, SettingStore } from '@myriad/contracts';

/** Experiments that people started, kept as documents `experiment:<id>`; all in memory, for every run asks. */
export interface ExperimentShelf {
  /** Newest first. */
  list(): readonly ManagedExperiment[];
  byId(id: string): ManagedExperiment | null;
  byKey(key: string): ManagedExperiment | null;
  running(appId: string): ManagedExperiment | null;
  save(experiment: ManagedExperiment): Promise<void>;
}

const prefix = 'experiment:';

export async function openExperimentShelf(settings: SettingStore): Promise<ExperimentShelf> {
  const byId = new Map<string, ManagedExperiment>();
  const byKey = new Map<string, ManagedExperiment>();
  const running = new Map<string, ManagedExperiment>();
  const keep = (experiment: ManagedExperiment) => {
    byId.set(experiment.id, experiment);
    byKey.set(experiment.key, experiment);
    if (experiment.status === 'running') running.set(experiment.appId, experiment);
    else if (running.get(experiment.appId)?.id === experiment.id) running.delete(experiment.appId);
  };
  for (const { value } of await settings.entries(prefix)) keep(value as ManagedExperiment);
  return {
    list: () => [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
    byId: (id) => byId.get(id) ?? null,
    byKey: (key) => byKey.get(key) ?? null,
    running: (appId) => running.get(appId) ?? null,
    async save(experiment) {
      await settings.set(prefix + experiment.id, experiment);
      keep(experiment);
    },
  };
}
