/** Plans, starts, stops and ships experiments. Every action is a decision: applied by name, audited, undone in one step. */
import {
  type AppRecord,
  type Decision,
  type ExperimentArm,
  type ExperimentPlanAnswer,
  type ExperimentRequest,
  type LocalizedText,
  type ManagedExperiment,
  MyriadError,
  newId,
  type ShippedState,
  type Verdict,
} from '@myriad/contracts';
import type { CockpitParts } from '../cockpit.ts';
import type { DecisionDesk, NewDecision } from '../decide/decision-desk.ts';
import type { StandingEffects } from '../decide/standing-effects.ts';
import type { ExperimentBook } from '../measure/experiment-book.ts';
import { manifestOf } from '../measure/experiment-plan.ts';
import type { KpiRegistry } from '../registry/kpi-registry.ts';
import { armText, parseArm } from './arms.ts';
import type { ExperimentShelf } from './experiment-shelf.ts';
import { planExperiment } from './plan-experiment.ts';

const dayMs = 86_400_000;

export interface ExperimentDesk {
  plan(request: ExperimentRequest): Promise<ExperimentPlanAnswer>;
  start(request: ExperimentRequest, by: string): Promise<Answer>;
  stop(id: string, by: string): Promise<Answer>;
  ship(id: string, winner: 'control' | 'treatment', by: string): Promise<Answer>;
}

interface Answer {
  readonly experiment: ManagedExperiment;
  readonly decision: Decision;
}

export function createExperimentDesk(parts: {
  readonly house: CockpitParts;
  readonly registry: KpiRegistry;
  readonly shelf: ExperimentShelf;
  readonly effects: StandingEffects;
  readonly decisions: DecisionDesk;
  readonly books: () => Iterable<ExperimentBook>;
  /** The verdict of an experiment as it stands, for the record. */
  readonly verdictOf: (key: string) => Promise<{ readonly verdict: Verdict; readonly blocked: boolean } | null>;
}): ExperimentDesk {
  const { house, registry, shelf, effects, decisions, books, verdictOf } = parts;
  const { store, clock, random } = house;

  async function appOf(name: string): Promise<AppRecord> {
    const app = (await store.apps.byName(house.tenant, name)) ?? (await store.apps.byId(name));
    if (!app || app.tenant !== house.tenant) throw new MyriadError('app_not_found', `There is no app "${name}".`);
    return app;
  }
  async function planned(request: ExperimentRequest) {
    const app = await appOf(request.app);
    const manifest = await manifestOf(store, app.id, app.currentVersion);
    const own = manifest?.kpi;
    const kpi = request.kpi ?? own?.metric;
    const ownNames = own ? [own.metric, ...(own.experiment?.guardrails ?? [])] : [];
    const plan = await planExperiment(request, {
      app,
      manifest,
      books: [...books()].filter((book) => book.plan.appId === app.id && book.plan.kpi.name === kpi),
      running: shelf.running(app.id),
      known: (name) => registry.versions(name).length > 0 || ownNames.includes(name),
      ownerOf: (name) => registry.versions(name)[0]?.owner ?? null,
      canServe: (model) => house.models().some(({ name, enabled }) => name === model && enabled),
      hasVersion: async (number) => (await store.apps.versionByNumber(app.id, number)) !== null,
    });
    return { app, manifest, plan };
  }
  function get(id: string): ManagedExperiment {
    const experiment = shelf.byId(id);
    if (!experiment) throw new MyriadError('not_found', `There is no experiment "${id}".`);
    return experiment;
  }
  const decisionOf = (
    kind: Decision['kind'],
    experiment: ManagedExperiment,
    because: LocalizedText,
    rest: Partial<NewDecision> = {},
  ): NewDecision => ({
    kind,
    appId: experiment.appId,
    app: experiment.app,
    model: null,
    sample: false,
    from: null,
    to: null,
    verdict: null,
    experiment: experiment.id,
    because,
    ...rest,
  });

  /** What the app's runs meet now, to go back to. */
  async function stateOf(appId: string): Promise<ShippedState> {
    const app = await store.apps.byId(appId);
    if (!app) throw new MyriadError('app_not_found', 'There is no such app any more.', { facts: { appId } });
    const current = app.currentVersion === null ? null : await store.apps.version(app.id, app.currentVersion);
    return {
      version: current?.number ?? app.versionNumber,
      route: effects.route(appId),
      stopped: app.status === 'stopped',
    };
  }

  return {
    plan: async (request) => (await planned(request)).plan,
    async start(request, by) {
      const { app, manifest, plan } = await planned(request);
      const [problem] = plan.problems;
      if (problem)
        throw new MyriadError('invalid_request', problem.en, {
          facts: { problems: plan.problems.map(({ en }) => en) },
        });
      const id = newId('exp', clock, random);
      const own = manifest?.kpi?.experiment;
      const experiment: ManagedExperiment = {
        id,
        key: `${app.name}:${plan.kpi}:${id}`,
        appId: app.id,
        app: app.name,
        kpi: plan.kpi,
        control: parseArm(plan.control, 'control'),
        treatment: parseArm(plan.treatment, 'treatment'),
        controlRatio: plan.controlRatio,
        guardrails: plan.guardrails,
        goalRatio: plan.goalRatio,
        windowMs: own?.windowMs ?? 7 * dayMs,
        unit: own?.unit ?? 'user',
        status: 'stopped',
        startedAt: clock.now(),
        startedBy: by,
        endedAt: null,
        winner: null,
      };
      // written down before it is switched on: a crash between leaves a stopped experiment, never an unknown one
      await shelf.save(experiment);
      const because = {
        en: `A person started it: ${plan.treatment} against ${plan.control} on ${plan.kpi}.`,
        zh: `由人工启动：以 ${plan.kpi} 比较 ${plan.treatment} 与 ${plan.control}。`,
      };
      const decision = await decisions.applyNow(decisionOf('start-experiment', experiment, because), by);
      return { experiment: get(id), decision };
    },
    async stop(id, by) {
      const experiment = get(id);
      if (experiment.status !== 'running')
        throw new MyriadError('conflict', `The experiment is ${experiment.status} already.`, { facts: { id } });
      const seen = await verdictOf(experiment.key);
      const because = { en: 'A person stopped it.', zh: '由人工停止。' };
      const wanted = decisionOf('stop-experiment', experiment, because, { verdict: seen?.verdict ?? null });
      return { decision: await decisions.applyNow(wanted, by), experiment: get(id) };
    },
    async ship(id, winner, by) {
      const experiment = get(id);
      if (experiment.status === 'shipped')
        throw new MyriadError('conflict', 'The experiment is shipped already.', { facts: { id } });
      const seen = await verdictOf(experiment.key);
      if (seen?.blocked)
        throw new MyriadError('conflict', 'Its measurement is broken: nothing may be concluded from it.', {
          facts: { id },
        });
      const before = await stateOf(experiment.appId);
      const shipped = stateAfter(before, experiment[winner]);
      const arm = armText(experiment[winner]);
      const because = {
        en: `A person shipped ${arm}${seen ? `; the verdict was ${seen.verdict}` : ', before any verdict'}.`,
        zh: `由人工全量发布 ${arm}${seen ? `；当时的结论为 ${seen.verdict}` : '，当时尚无结论'}。`,
      };
      const rest = { verdict: seen?.verdict ?? null, from: before.version, to: shipped.version, before, shipped };
      const decision = await decisions.applyNow(decisionOf('ship', experiment, because, rest), by);
      await shelf.save({ ...get(id), status: 'shipped', winner, endedAt: clock.now() });
      return { experiment: get(id), decision };
    },
  };
}

/** What everyone meets once an arm is shipped. */
function stateAfter(before: ShippedState, arm: ExperimentArm): ShippedState {
  switch (arm.serve) {
    case 'current':
      return before;
    case 'version':
      return { ...before, version: arm.version };
    case 'base':
      return { ...before, route: arm.model };
    case 'none':
      return { ...before, stopped: true };
    case 'model':
      throw new MyriadError(
        'conflict',
        'The plain model won. Nothing can be shipped in its place: retire the app and offer the model itself.',
      );
  }
}
