import type { CockpitParts } from '@myriad/cockpit';
import {
  type Apps,
  type Caller,
  type Clock,
  type Config,
  convertMoney,
  type Kernel,
  type Random,
  type Store,
} from '@myriad/contracts';
import { createPeriods } from '@myriad/kernel';
import { tenant } from './house.ts';
import type { ModelDesk } from './models/model-desk.ts';
import type { StandingBudgets } from './standing-budgets.ts';

const node: Caller = { actorId: 'system', personId: null, keyId: null, principals: ['everyone'] };

/** What the cockpit may do in this house. */
export function cockpitParts(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly kernel: Kernel;
  readonly models: ModelDesk;
  readonly apps: Apps;
  readonly budgets: StandingBudgets;
  readonly log: (fault: unknown) => void;
}): CockpitParts {
  const { store, clock, random, config, kernel, models, apps, budgets, log } = parts;
  const exchange = { base: config.currency, rates: config.exchangeRates };
  return {
    store,
    clock,
    random,
    tenant,
    currency: config.currency,
    convert: (micros, from) => convertMoney({ micros, currency: from }, config.currency, exchange)?.micros ?? null,
    setShares: (shares) => kernel.setShares(shares),
    setAppStatus: async (app, status, by) => {
      await apps.setStatus(app, status, { ...node, actorId: by });
    },
    setAppVersion: async (app, number, by) => {
      await apps.rollback(app, number, { ...node, actorId: by });
    },
    appBudget: async (app) => {
      const scope = `app:${app.id}`;
      const set = budgets.list().find((budget) => budget.scope === scope);
      const own = set ? null : (await apps.current(app))?.manifest.budget;
      const budget = set ?? (own ? { ...own, scope, limitMicros: own.micros } : null);
      if (!budget) return null;
      const { limitMicros, currency, period, onExceed } = budget;
      const { start } = createPeriods(config.timeZone)(period, clock.now());
      const state = await store.ledger.budgetState(scope, start);
      const spentMicros = state?.currency === currency ? state.spentMicros : 0;
      return { scope, limitMicros, currency, period, onExceed, standing: set !== undefined, spentMicros };
    },
    setAppBudget: async (appId, change, by) => {
      const scope = `app:${appId}`;
      const before = budgets.list().find((budget) => budget.scope === scope);
      if (change === null) await budgets.remove(scope);
      else {
        const app = await store.apps.byId(appId);
        const manifest = app ? (await apps.current(app))?.manifest.budget : null;
        const onExceed = before?.onExceed ?? manifest?.onExceed ?? 'refuse';
        const { micros: limitMicros, currency, period } = change;
        await budgets.save({ scope, limitMicros, currency, period, onExceed });
      }
      await store.audit.append({
        time: clock.now(),
        actor: by,
        action: change === null ? 'budget.remove' : 'budget.set',
        object: scope,
        detail: { ...change, before: before?.limitMicros ?? null },
      });
    },
    models: () => models.list(),
    setModelEnabled: async (id, enabled) => {
      await models.update(id, { enabled });
    },
    publish: async (source, into) => {
      const app = await apps.create(source, node, { tenant: into });
      await apps.publish(app, source, node, { skipEvals: true });
      return (await store.apps.byId(app.id)) ?? app;
    },
    onFault: log,
  };
}
