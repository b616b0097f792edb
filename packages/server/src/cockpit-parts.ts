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
import { tenant } from './house.ts';
import type { ModelDesk } from './models/model-desk.ts';

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
  readonly log: (fault: unknown) => void;
}): CockpitParts {
  const { store, clock, random, config, kernel, models, apps, log } = parts;
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
