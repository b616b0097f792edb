/**
 * Budgets that people set, beside those of manifests: they bind every run of the house, a group, a person, a key or an
 * app. One that was set for an app stands in place of its manifest's.
 */
import type { Budget, Kernel, RunSpec, Store } from '@myriad/contracts';

export interface StandingBudgets {
  list(): readonly Budget[];
  /** Binding at once, and after a restart. */
  save(budget: Budget): Promise<void>;
  remove(scope: string): Promise<void>;
  /** The same kernel, with these budgets added to every run. */
  bind(kernel: Kernel): Kernel;
}

/** @param groupsOf Groups of a person, for budgets of groups. */
export async function openStandingBudgets(
  store: Pick<Store, 'budgets'>,
  groupsOf: (personId: string) => Promise<readonly string[]>,
): Promise<StandingBudgets> {
  const byScope = new Map((await store.budgets.list()).map((budget) => [budget.scope, budget]));
  const hasGroups = () => [...byScope.keys()].some((scope) => scope.startsWith('group:'));

  /** Widest first, as the kernel takes them. */
  async function budgetsOf(spec: RunSpec): Promise<readonly Budget[]> {
    const groups = spec.personId && hasGroups() ? await groupsOf(spec.personId) : [];
    const scopes = [
      'org',
      ...groups.map((name) => `group:${name}`),
      `app:${spec.appId}`,
      ...(spec.personId ? [`person:${spec.personId}`] : []),
      ...(spec.keyId ? [`key:${spec.keyId}`] : []),
    ];
    const set = scopes.flatMap((scope) => byScope.get(scope) ?? []);
    const covered = new Set(set.map(({ scope }) => scope));
    return [
      ...set.filter(({ scope }) => !scope.startsWith('person:') && !scope.startsWith('key:')),
      ...spec.budgets.filter(({ scope }) => !covered.has(scope)),
      ...set.filter(({ scope }) => scope.startsWith('person:') || scope.startsWith('key:')),
    ];
  }

  return {
    list: () => [...byScope.values()],
    async save(budget) {
      await store.budgets.save(budget);
      byScope.set(budget.scope, budget);
    },
    async remove(scope) {
      await store.budgets.remove(scope);
      byScope.delete(scope);
    },
    bind: (kernel) => ({
      ...kernel,
      get inFlight() {
        return kernel.inFlight;
      },
      begin: async (spec) => kernel.begin(byScope.size === 0 ? spec : { ...spec, budgets: await budgetsOf(spec) }),
    }),
  };
}
