/** Decisions: proposed, approved or rejected, applied, audited, undone. Kept as documents `decision:<id>`. */
import {
  type Clock,
  type Decision,
  type DecisionLimits,
  MyriadError,
  newId,
  type Random,
  type ShippedState,
  type Store,
} from '@myriad/contracts';

/** What decisions do to the house. */
export interface DecisionEffects {
  /** Share of an app against its base. */
  setShare(appId: string, factor: number): Promise<void>;
  setAppStopped(appId: string, stopped: boolean, by: string): Promise<void>;
  setModelStopped(model: string, stopped: boolean): Promise<void>;
  setEverythingStopped(stopped: boolean, by: string): Promise<void>;
  /** Standing budget of an app, in micros; null takes it away, so that the manifest's holds again. */
  setBudget(appId: string, micros: number | null, budget: NonNullable<Decision['budget']>, by: string): Promise<void>;
  setGlobalHoldout(ratio: number): Promise<void>;
  setExperimentRunning(id: string, running: boolean): Promise<void>;
  /** Ends the experiment and makes this what everyone meets. */
  ship(appId: string, experiment: string | null, state: ShippedState, by: string): Promise<void>;
}

export type NewDecision = Pick<
  Decision,
  | 'kind'
  | 'appId'
  | 'app'
  | 'model'
  | 'sample'
  | 'from'
  | 'to'
  | 'verdict'
  | 'because'
  | 'experiment'
  | 'shipped'
  | 'before'
  | 'budget'
>;

export interface DecisionDesk {
  /** Newest first. */
  list(): readonly Decision[];
  get(id: string): Decision;
  /** A proposal of the same kind for the same app that still waits gives way. */
  propose(wanted: NewDecision): Promise<Decision>;
  /** Proposes and applies at once, in the name of `by`. */
  applyNow(wanted: NewDecision, by: string): Promise<Decision>;
  approve(id: string, by: string): Promise<Decision>;
  reject(id: string, by: string): Promise<Decision>;
  undo(id: string, by: string): Promise<Decision>;
  limits(): DecisionLimits;
  setLimits(limits: DecisionLimits, by: string): Promise<DecisionLimits>;
  removeSamples(): Promise<void>;
}

const prefix = 'decision:';
const limitsKey = 'cockpit:limits';
const noLimits: DecisionLimits = {
  automaticShares: false,
  lowestShare: 0.75,
  highestShare: 1.25,
  automaticStops: false,
  automaticBudgets: false,
  highestBudgetMicros: 0,
};

export async function openDecisionDesk(parts: {
  readonly store: Pick<Store, 'settings' | 'audit'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly effects: DecisionEffects;
}): Promise<DecisionDesk> {
  const { store, clock, random, effects } = parts;
  const all = new Map<string, Decision>();
  for (const { value } of await store.settings.entries(prefix)) all.set((value as Decision).id, value as Decision);
  let limits = ((await store.settings.get(limitsKey)) as DecisionLimits | null) ?? noLimits;

  async function keep(decision: Decision, action: string, by: string): Promise<Decision> {
    await store.settings.set(prefix + decision.id, decision);
    all.set(decision.id, decision);
    const { id, kind, appId, app, model, from, to, verdict, because, experiment = null } = decision;
    await store.audit.append({
      time: clock.now(),
      actor: by,
      action: `decision.${action}`,
      object: appId ?? model ?? 'house',
      detail: { decision: id, kind, app, from, to, verdict, experiment, because: because.en },
    });
    return decision;
  }
  function get(id: string): Decision {
    const decision = all.get(id);
    if (!decision) throw new MyriadError('not_found', 'There is no such decision.');
    return decision;
  }
  function waiting(id: string): Decision {
    const decision = get(id);
    if (decision.status !== 'proposed')
      throw new MyriadError('conflict', `The decision is ${decision.status} already.`, { facts: { id } });
    return decision;
  }
  const make = (wanted: NewDecision): Decision => ({
    ...wanted,
    id: newId('dec', clock, random),
    status: 'proposed',
    proposedAt: clock.now(),
    decidedAt: null,
    decidedBy: null,
    canUndo: false,
  });
  async function apply(decision: Decision, by: string): Promise<Decision> {
    await carryOut(effects, decision, by);
    const applied = {
      ...decision,
      status: 'applied',
      decidedAt: clock.now(),
      decidedBy: by,
      canUndo: true,
    } as const;
    for (const other of all.values())
      if (other.id !== decision.id && other.canUndo && sameThing(other, decision))
        await store.settings.set(prefix + other.id, setIn(all, { ...other, canUndo: false }));
    return keep(applied, 'apply', by);
  }

  return {
    list: () => [...all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
    get,
    async propose(wanted) {
      const decision = make(wanted);
      for (const other of all.values())
        if (other.status === 'proposed' && sameThing(other, decision))
          await store.settings.set(prefix + other.id, setIn(all, { ...other, status: 'superseded' }));
      return keep(decision, 'propose', 'automatic');
    },
    applyNow: (wanted, by) => apply(make(wanted), by),
    approve: async (id, by) => apply(waiting(id), by),
    async reject(id, by) {
      return keep({ ...waiting(id), status: 'rejected', decidedAt: clock.now(), decidedBy: by }, 'reject', by);
    },
    async undo(id, by) {
      const decision = get(id);
      if (decision.status !== 'applied' || !decision.canUndo)
        throw new MyriadError('conflict', 'Only the newest applied decision about a thing can be undone.', {
          facts: { id, status: decision.status },
        });
      await carryOut(effects, reverse(decision), by);
      return keep({ ...decision, status: 'undone', canUndo: false }, 'undo', by);
    },
    limits: () => limits,
    async setLimits(wanted, by) {
      if (
        !(wanted.lowestShare >= 0.5 && wanted.lowestShare <= 1 && wanted.highestShare >= 1 && wanted.highestShare <= 4)
      )
        throw new MyriadError('invalid_request', 'Automatic shares stay between 0.5 and 1 below, and 1 and 4 above.');
      if (!((wanted.highestBudgetMicros ?? 0) >= 0))
        throw new MyriadError('invalid_request', 'highestBudgetMicros: expected micros, at least 0.');
      await store.settings.set(limitsKey, wanted);
      limits = wanted;
      await store.audit.append({
        time: clock.now(),
        actor: by,
        action: 'decision.limits',
        object: 'house',
        detail: { ...wanted },
      });
      return wanted;
    },
    async removeSamples() {
      for (const decision of [...all.values()]) {
        if (!decision.sample) continue;
        await store.settings.delete(prefix + decision.id);
        all.delete(decision.id);
      }
    },
  };
}

function setIn(all: Map<string, Decision>, decision: Decision): Decision {
  all.set(decision.id, decision);
  return decision;
}

const topic = (kind: Decision['kind']) => kind.replace('resume', 'stop').replace('start-', 'stop-');
const sameThing = (one: Decision, other: Decision) =>
  one.appId === other.appId && one.model === other.model && topic(one.kind) === topic(other.kind);

async function carryOut(effects: DecisionEffects, decision: Decision, by: string): Promise<void> {
  const { kind, appId, model, to, experiment = null, shipped = null, budget = null } = decision;
  const stopped = kind.startsWith('stop');
  if (kind === 'share' && appId !== null && to !== null) await effects.setShare(appId, to);
  if ((kind === 'stop' || kind === 'resume') && appId !== null) await effects.setAppStopped(appId, stopped, by);
  if (kind.endsWith('-model') && model !== null) await effects.setModelStopped(model, stopped);
  if (kind === 'budget' && appId !== null && budget) await effects.setBudget(appId, to, budget, by);
  if (kind === 'holdout' && to !== null) await effects.setGlobalHoldout(to);
  if (kind.endsWith('-experiment') && experiment !== null)
    await effects.setExperimentRunning(experiment, kind === 'start-experiment');
  if (kind === 'ship' && appId !== null && shipped) await effects.ship(appId, experiment, shipped, by);
  if (kind.endsWith('-all')) await effects.setEverythingStopped(stopped, by);
}

function reverse(decision: Decision): Decision {
  const { kind } = decision;
  if (kind === 'share' || kind === 'budget' || kind === 'holdout') return { ...decision, to: decision.from };
  if (kind === 'ship') return { ...decision, shipped: decision.before ?? null };
  if (kind.endsWith('-experiment'))
    return { ...decision, kind: kind === 'start-experiment' ? 'stop-experiment' : 'start-experiment' };
  const back = kind.startsWith('stop') ? kind.replace('stop', 'resume') : kind.replace('resume', 'stop');
  return { ...decision, kind: back as Decision['kind'] };
}
