/** What decisions have done and still holds: shares and stops, kept as documents and applied again at every start. */
import { type AppRecord, type Clock, MyriadError, type StopState } from '@myriad/contracts';
import type { CockpitParts } from '../cockpit.ts';
import type { ExperimentShelf } from '../experiments/experiment-shelf.ts';
import type { DecisionEffects } from './decision-desk.ts';
import type { ShareState } from './propose-decisions.ts';

const sharesKey = 'cockpit:shares';
const stopsKey = 'cockpit:stops';
const routesKey = 'cockpit:routes';
const holdoutKey = 'cockpit:holdout';

/** Share of units kept without any app, from a moment on; a changed share is measured anew. */
export interface GlobalHoldout {
  readonly ratio: number;
  readonly since: number;
}

export interface StandingEffects extends DecisionEffects {
  readonly shares: ReadonlyMap<string, ShareState>;
  stopState(): StopState;
  /** Base model that the app's runs are sent to; null for the router's choice. */
  route(appId: string): string | null;
  globalHoldout(): GlobalHoldout | null;
  /** Gives the shares to the scheduler. */
  apply(): void;
  forget(appIds: readonly string[]): Promise<void>;
}

type Parts = Pick<
  CockpitParts,
  'store' | 'setShares' | 'setAppStatus' | 'models' | 'setModelEnabled' | 'setAppVersion' | 'setAppBudget'
> & {
  readonly shelf: ExperimentShelf;
  readonly clock: Pick<Clock, 'now'>;
};

interface Stops {
  readonly everything: boolean;
  readonly apps: readonly string[];
  readonly models: readonly string[];
  /** Models that ran when everything was stopped. */
  readonly paused: readonly string[];
}

export async function openStandingEffects(parts: Parts): Promise<StandingEffects> {
  const { store, clock } = parts;
  const shares = new Map(
    Object.entries(((await store.settings.get(sharesKey)) as Record<string, ShareState> | null) ?? {}),
  );
  let stops = ((await store.settings.get(stopsKey)) as Stops | null) ?? {
    everything: false,
    apps: [],
    models: [],
    paused: [],
  };
  const routes = new Map(
    Object.entries(((await store.settings.get(routesKey)) as Record<string, string> | null) ?? {}),
  );
  let holdout = (await store.settings.get(holdoutKey)) as GlobalHoldout | null;
  const keepStops = async (next: Stops) => {
    await store.settings.set(stopsKey, next);
    stops = next;
  };
  const keepShares = () => store.settings.set(sharesKey, Object.fromEntries(shares));
  const apply = () => parts.setShares(new Map([...shares].map(([appId, { factor }]) => [appId, factor])));
  const toggled = (names: readonly string[], name: string, on: boolean) =>
    on ? [...new Set([...names, name])] : names.filter((other) => other !== name);
  async function appOf(appId: string): Promise<AppRecord> {
    const app = await store.apps.byId(appId);
    if (!app) throw new MyriadError('app_not_found', 'There is no such app any more.', { facts: { appId } });
    return app;
  }

  return {
    shares,
    route: (appId) => routes.get(appId) ?? null,
    globalHoldout: () => (holdout && holdout.ratio > 0 ? holdout : null),
    async setGlobalHoldout(ratio) {
      const next = { ratio, since: clock.now() };
      await store.settings.set(holdoutKey, next);
      holdout = next;
    },
    async setBudget(appId, micros, budget, by) {
      await parts.setAppBudget(appId, micros === null ? null : { micros, ...budget }, by);
    },
    async setExperimentRunning(id, running) {
      const experiment = parts.shelf.byId(id);
      if (!experiment) throw new MyriadError('not_found', `There is no experiment "${id}".`);
      const other = running ? parts.shelf.running(experiment.appId) : null;
      if (other && other.id !== id)
        throw new MyriadError('conflict', `${experiment.app} has a running experiment (${other.id}). Stop it first.`);
      const endedAt = running ? null : clock.now();
      await parts.shelf.save({ ...experiment, status: running ? 'running' : 'stopped', endedAt });
    },
    async ship(appId, id, state, by) {
      const app = await appOf(appId);
      const current = app.currentVersion === null ? null : await store.apps.version(app.id, app.currentVersion);
      if (current?.number !== state.version) await parts.setAppVersion(app, state.version, by);
      if (state.route === null) routes.delete(appId);
      else routes.set(appId, state.route);
      await store.settings.set(routesKey, Object.fromEntries(routes));
      if ((app.status === 'stopped') !== state.stopped)
        await parts.setAppStatus(await appOf(appId), state.stopped ? 'stopped' : 'published', by);
      const experiment = id === null ? null : parts.shelf.byId(id);
      if (experiment && experiment.status !== 'stopped')
        await parts.shelf.save({ ...experiment, status: 'stopped', winner: null, endedAt: clock.now() });
    },
    stopState: () => ({ everything: stops.everything, apps: stops.apps, models: stops.models }),
    apply,
    async setShare(appId, factor) {
      if (factor === 1) shares.delete(appId);
      else shares.set(appId, { factor, changedAt: clock.now() });
      await keepShares();
      apply();
    },
    async setAppStopped(appId, stopped, by) {
      const app = await appOf(appId);
      await parts.setAppStatus(app, stopped ? 'stopped' : 'published', by);
      await keepStops({ ...stops, apps: toggled(stops.apps, app.name, stopped) });
    },
    async setModelStopped(model, stopped) {
      await parts.setModelEnabled(model, !stopped);
      await keepStops({ ...stops, models: toggled(stops.models, model, stopped) });
    },
    async setEverythingStopped(stopped) {
      const running = parts.models().filter(({ enabled }) => enabled);
      // written first: a crash in the middle must not forget what to start again
      const paused = stopped ? [...new Set([...stops.paused, ...running.map(({ id }) => id)])] : [];
      const wake = stops.paused.filter((id) => !stops.models.includes(id));
      if (stopped) await keepStops({ ...stops, everything: true, paused });
      for (const id of stopped ? paused : wake)
        if (parts.models().some((model) => model.id === id)) await parts.setModelEnabled(id, !stopped);
      if (!stopped) await keepStops({ ...stops, everything: false, paused });
    },
    async forget(appIds) {
      for (const appId of appIds) shares.delete(appId);
      await keepShares();
      apply();
    },
  };
}
