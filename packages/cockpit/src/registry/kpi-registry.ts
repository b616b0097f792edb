/** KPIs as registered definitions with versions, kept as documents `kpi:<name>` and frozen at first exposure. */
import {
  type Clock,
  type KpiDefinition,
  type KpiRegistration,
  MyriadError,
  type SettingStore,
} from '@myriad/contracts';
import type { DefinitionOf } from '../measure/experiment-plan.ts';

export interface KpiRegistry {
  list(): readonly KpiDefinition[];
  /** Newest first; empty when there is none. */
  versions(name: string): readonly KpiDefinition[];
  /**
   * Registers or changes a KPI. @throws MyriadError `invalid_request`; `conflict` when it is frozen, the change touches
   * what is measured, and `restart` is not given.
   */
  save(name: string, registration: KpiRegistration, by: string, options?: SaveOptions): Promise<KpiDefinition>;
  /** Takes away sample definitions. */
  removeSamples(): Promise<void>;
  /** For experiments: the newest definition, frozen now if it was not. */
  readonly definitionOf: DefinitionOf;
}

export interface SaveOptions {
  readonly restart?: boolean;
  readonly sample?: boolean;
}

/** Fields that make two figures of one KPI incomparable. */
const measured = ['type', 'direction', 'unit', 'windowMs', 'cap', 'denominator', 'quantile', 'historyMs'] as const;
const prefix = 'kpi:';

export async function openKpiRegistry(parts: {
  readonly settings: SettingStore;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<KpiRegistry> {
  const { settings, clock } = parts;
  const all = new Map<string, readonly KpiDefinition[]>();
  for (const { key, value } of await settings.entries(prefix))
    all.set(key.slice(prefix.length), value as readonly KpiDefinition[]);
  const keep = async (name: string, versions: readonly KpiDefinition[]) => {
    await settings.set(prefix + name, versions);
    all.set(name, versions);
  };

  return {
    list: () => [...all.values()].flatMap(([newest]) => (newest ? [newest] : [])),
    versions: (name) => all.get(name) ?? [],
    async save(name, registration, by, { restart = false, sample = false } = {}) {
      checkRegistration(name, registration);
      const versions = all.get(name) ?? [];
      const before = versions[0];
      if (before && before.sample !== sample)
        throw new MyriadError('conflict', `"${name}" belongs to the sample company. Remove it first.`);
      const changed = before
        ? measured.filter((field) => (before[field] ?? null) !== (registration[field] ?? null))
        : [];
      const frozen = before?.frozenAt != null;
      if (frozen && changed.length > 0 && !restart)
        throw new MyriadError(
          'conflict',
          `"${name}" is frozen since its first exposure; changing ${changed.join(', ')} starts its experiments anew. Say so with restart.`,
          { facts: { name, changed } },
        );
      const now = clock.now();
      const anew = frozen && changed.length > 0;
      const next: KpiDefinition = {
        ...registration,
        name,
        version: (before?.version ?? 0) + 1,
        frozenAt: anew ? null : (before?.frozenAt ?? null),
        startsAt: anew ? now : (before?.startsAt ?? 0),
        changedAt: now,
        changedBy: by,
        source: sample ? 'sample' : 'registered',
        sample,
      };
      await keep(name, [next, ...versions].slice(0, 100));
      return next;
    },
    async removeSamples() {
      for (const [name, [newest]] of all) {
        if (!newest?.sample) continue;
        await settings.delete(prefix + name);
        all.delete(name);
      }
    },
    async definitionOf(tenant, name, at, fallback) {
      const [newest, ...older] = all.get(name) ?? [];
      // the sample company and the house do not judge by each other's definitions
      if (!newest || newest.sample !== (tenant === sampleTenant)) return unregistered(name, at, fallback);
      if (newest.frozenAt !== null) return newest;
      const frozen = { ...newest, frozenAt: Math.max(at, newest.startsAt) };
      await keep(name, [frozen, ...older]);
      return frozen;
    },
  };
}

/** Everything of the sample company lives in a tenant of its own, so that it never mixes with the house's figures. */
export const sampleTenant = 'sample';

function unregistered(name: string, at: number, fallback: Parameters<DefinitionOf>[3]): KpiDefinition {
  return {
    ...fallback,
    name,
    title: { en: name.replaceAll('_', ' '), zh: name },
    type: 'mean',
    unit: 'units',
    cap: null,
    denominator: null,
    quantile: null,
    historyMs: null,
    owner: '',
    role: 'goal',
    version: 0,
    frozenAt: at,
    startsAt: 0,
    changedAt: at,
    changedBy: 'manifest',
    source: 'manifest',
    sample: false,
  };
}

function checkRegistration(name: string, given: KpiRegistration): void {
  const refuse = (field: string, expected: string) => {
    throw new MyriadError('invalid_request', `${field}: expected ${expected}.`, { facts: { field } });
  };
  if (!/^[a-z][a-z0-9_]{0,127}$/.test(name)) refuse('name', 'a KPI name such as refund_cycle_hours');
  if (!(given.windowMs > 0)) refuse('windowMs', 'a time above 0');
  if (given.type === 'ratio' && !given.denominator) refuse('denominator', 'the KPI that a ratio divides by');
  if (given.type !== 'ratio' && given.denominator) refuse('denominator', 'none, since only a ratio has one');
  const { quantile = null } = given;
  if (given.type === 'quantile') {
    if (quantile === null || !(quantile > 0 && quantile < 1))
      refuse('quantile', 'a share between 0 and 1, such as 0.9');
    if (given.historyMs !== null) refuse('historyMs', 'none, since a quantile is compared without a covariate');
    if (given.valueMicrosPerUnit !== null)
      refuse('valueMicrosPerUnit', 'none, since changes of a quantile do not add up over units');
  } else if (quantile !== null) refuse('quantile', 'none, since only a quantile has one');
  if (given.type === 'proportion' && given.cap !== null) refuse('cap', 'none, since a proportion is never above 1');
  if (given.valueMicrosPerUnit !== null && !(given.valueMicrosPerUnit >= 0))
    refuse('valueMicrosPerUnit', 'an amount of at least 0');
  if ((given.valueMicrosPerUnit === null) !== (given.currency === null))
    refuse('currency', 'a currency exactly when there is a value');
}
