import { type AppRecord, MyriadError, type PortfolioRow } from '@myriad/contracts';
import type { AppBudget, Cockpit, CockpitParts } from './cockpit.ts';
import { type NewDecision, openDecisionDesk } from './decide/decision-desk.ts';
import { proposeBudgets } from './decide/propose-budgets.ts';
import { proposeDecisions } from './decide/propose-decisions.ts';
import { openStandingEffects } from './decide/standing-effects.ts';
import { stopDecision } from './decide/stop-decision.ts';
import { clusterQuestions } from './demand/cluster-questions.ts';
import { createExperimentDesk } from './experiments/experiment-desk.ts';
import { openExperimentShelf } from './experiments/experiment-shelf.ts';
import { appLift } from './judge/app-lift.ts';
import { consolidateModels } from './judge/consolidate-models.ts';
import { experimentRow, waitingRow } from './judge/experiment-row.ts';
import { holdoutAnswer } from './judge/holdout-answer.ts';
import { aaOf, type Judged, judgeBooks } from './judge/judge-books.ts';
import { headlineOf, portfolioRow } from './judge/portfolio-row.ts';
import { openSpendBook } from './judge/spend-book.ts';
import { shownAlpha } from './measure/compare-book.ts';
import { createEngine } from './measure/create-engine.ts';
import { type ExperimentBook, measuresOf } from './measure/experiment-book.ts';
import { openHoldoutBook, type WorthKpi } from './measure/holdout-book.ts';
import { openKpiRegistry, sampleTenant } from './registry/kpi-registry.ts';
import { loadSample, type SampleTruths, truthKey } from './sample/load-sample.ts';

const proposeEveryMs = 3_600_000;
const dayMs = 86_400_000;
/** A KPI may lose so much, relatively, and a model still counts as replaceable. */
const marginRatio = 0.02;

/** The loop from events to decisions, for one node. Call `start` before anything else. */
export async function createCockpit(parts: CockpitParts): Promise<Cockpit> {
  const { store, clock, random, currency, everyMs = 2_000 } = parts;
  const registry = await openKpiRegistry({ settings: store.settings, clock });
  const shelf = await openExperimentShelf(store.settings);
  const effects = await openStandingEffects({ ...parts, shelf });
  const desk = await openDecisionDesk({ store, clock, random, effects });
  const { definitionOf } = registry;
  const newEngine = () =>
    createEngine({
      store,
      definitionOf,
      managedOf: shelf.byKey,
      openHoldout: () => {
        const holdout = effects.globalHoldout();
        return holdout && { tenant: parts.tenant, book: openHoldoutBook(holdout.since, worthKpis()) };
      },
    });
  /** Registered goals with a worth that the house can count. */
  function worthKpis(): readonly WorthKpi[] {
    return registry.list().flatMap((kpi) => {
      if (kpi.sample || kpi.role !== 'goal' || kpi.type === 'ratio' || kpi.valueMicrosPerUnit === null) return [];
      const micros = convert(kpi.valueMicrosPerUnit, kpi.currency ?? currency);
      if (micros === null) return [];
      const sign = kpi.direction === 'decrease' ? -1 : 1;
      const cap = kpi.type === 'proportion' ? 1 : kpi.cap;
      return [{ name: kpi.name, microsPerUnit: sign * micros, cap, windowMs: kpi.windowMs }];
    });
  }
  let engine = newEngine();
  let cancel = () => {};
  let closed = false;
  let proposedAt = Number.NEGATIVE_INFINITY;
  let busy: Promise<unknown> = Promise.resolve();

  const refresh = async () => {
    await engine.advance();
  };
  async function rebuild(): Promise<void> {
    const fresh = newEngine();
    await fresh.advance();
    engine = fresh;
  }
  const tenants = [parts.tenant, sampleTenant];

  /** An app's worth is told by its newest experiment against going without it; all others compare parts of it. */
  function mainBooks(books: readonly ExperimentBook[]): ReadonlySet<ExperimentBook> {
    const main = new Map<string, ExperimentBook>();
    for (const book of books) {
      const { appId, withoutApp, managed } = book.plan;
      const known = main.get(appId);
      const better = !known || (withoutApp === known.plan.withoutApp ? book.firstAt > known.firstAt : withoutApp);
      if (better && (withoutApp || managed === null)) main.set(appId, book);
    }
    return new Set(main.values());
  }

  /** Every experiment of a tenant, judged together: those of whole apps, or those of their parts. */
  async function judge(tenant: string, which: 'apps' | 'parts' = 'apps') {
    const ofTenant = [...engine.books.values()].filter((book) => book.plan.tenant === tenant);
    const main = mainBooks(ofTenant);
    const books = ofTenant.filter((book) => main.has(book) === (which === 'apps'));
    const spend = await openSpendBook(store.ledger, tenant, clock.now(), (micros, from) => convert(micros, from));
    const apps = new Map<string, AppRecord>();
    for (const { plan } of books) {
      const app = await store.apps.byId(plan.appId);
      if (app) apps.set(app.id, app);
    }
    const judged = judgeBooks(books, (book) => {
      // a value may be changed at any time: it is not part of what is measured
      const kpi = registry.versions(book.plan.kpi.name)[0] ?? book.plan.kpi;
      const value = kpi.valueMicrosPerUnit;
      return {
        // what the whole app costs is no cost of a change inside it
        ...(which === 'apps' ? spend.of(book.plan.app) : { spentMicros: 0, tokens: 0 }),
        valueMicros: value === null ? null : convert(value, kpi.currency ?? currency),
      };
    });
    return { judged, apps };
  }
  const convert = (micros: number, from: string) => (from === currency ? micros : parts.convert(micros, from));

  async function rowsOf(
    tenant: string,
    which: 'apps' | 'parts' = 'apps',
  ): Promise<readonly { readonly row: PortfolioRow; readonly judged: Judged }[]> {
    const truths = ((await store.settings.get(truthKey)) ?? {}) as SampleTruths;
    const sample = tenant === sampleTenant;
    const { judged, apps } = await judge(tenant, which);
    return judged
      .map((one) => {
        const { appId, experiment } = one.book.plan;
        const facts = {
          app: apps.get(appId),
          share: effects.shares.get(appId)?.factor ?? 1,
          currency,
          sample,
          truth: sample ? (truths[experiment] ?? null) : null,
        };
        return { judged: one, row: portfolioRow(one, facts) };
      })
      .sort((a, b) => (b.row.net?.estimate ?? -1e300) - (a.row.net?.estimate ?? -1e300));
  }
  async function allRows() {
    await refresh();
    return (await Promise.all(tenants.map((tenant) => rowsOf(tenant)))).flat();
  }
  async function everyRow() {
    const whole = await allRows();
    return [...whole, ...(await Promise.all(tenants.map((tenant) => rowsOf(tenant, 'parts')))).flat()];
  }
  async function changeExperiment<T>(work: () => Promise<T>): Promise<T> {
    await refresh();
    return work();
  }
  const experiments = createExperimentDesk({
    house: parts,
    registry,
    shelf,
    effects,
    decisions: desk,
    books: () => engine.books.values(),
    verdictOf: async (key) => {
      const found = (await everyRow()).find(({ row }) => row.experiment === key);
      return found ? { verdict: found.row.verdict, blocked: found.row.blocked } : null;
    },
  });

  async function propose() {
    await refresh();
    const made = [];
    for (const tenant of tenants) {
      const { judged, apps } = await judge(tenant);
      const wanted = proposeDecisions({
        judged,
        appOf: (appId) => apps.get(appId),
        shares: effects.shares,
        decisions: desk.list(),
        sample: tenant === sampleTenant,
        now: clock.now(),
      });
      const budgets = new Map<string, AppBudget | null>();
      for (const app of apps.values()) budgets.set(app.id, await parts.appBudget(app));
      const wantedBudgets = proposeBudgets({
        judged,
        appOf: (appId) => apps.get(appId),
        budgetOf: (appId) => budgets.get(appId) ?? null,
        decisions: desk.list(),
        sample: tenant === sampleTenant,
        now: clock.now(),
      });
      for (const proposal of [...wanted, ...wantedBudgets]) {
        const automatic = mayApply(proposal);
        made.push(automatic ? await desk.applyNow(proposal, 'automatic') : await desk.propose(proposal));
      }
    }
    proposedAt = clock.now();
    return made;
  }
  /** Inside the limits that the owner set. */
  function mayApply({ kind, to, budget }: NewDecision): boolean {
    const limits = desk.limits();
    if (kind === 'share')
      return limits.automaticShares && to !== null && to >= limits.lowestShare && to <= limits.highestShare;
    if (kind === 'budget') {
      const micros = to === null || !budget ? null : convert(to, budget.currency);
      return limits.automaticBudgets === true && micros !== null && micros <= (limits.highestBudgetMicros ?? 0);
    }
    return kind === 'stop' && limits.automaticStops;
  }
  function tick(): void {
    cancel = clock.after(everyMs, () => {
      busy = (async () => {
        await refresh();
        if (clock.now() - proposedAt >= proposeEveryMs) await propose();
      })()
        .catch((error: unknown) => parts.onFault?.(error))
        .finally(() => {
          if (!closed) tick();
        });
    });
  }
  /** One change of the sample company at a time. */
  const sampleGuard = <T>(work: () => Promise<T>): Promise<T> => {
    const run = busy.then(work);
    busy = run.catch(() => {});
    return run;
  };

  return {
    async start() {
      await refresh();
      effects.apply();
      tick();
    },
    refresh,
    async portfolio(which) {
      const all = (await allRows()).map(({ row }) => row);
      const real = all.filter(({ sample }) => !sample);
      const rows =
        which === 'only' ? all.filter(({ sample }) => sample) : which === 'without' || real.length > 0 ? real : all;
      const shown = which === undefined ? all : rows;
      return {
        time: clock.now(),
        currency,
        // money of a company that does not exist is never added to the house's
        headline: headlineOf(rows, currency),
        rows: shown,
        needsYou: desk.list().filter(({ status, sample }) => status === 'proposed' && !(sample && which === 'without')),
        sample: all.some(({ sample }) => sample),
        log: engine.position,
      };
    },
    async appLift(name) {
      const rows = await everyRow();
      const one =
        rows.find(({ row }) => row.experiment === name) ??
        rows.find(({ row }) => row.appId === name || row.app === name);
      if (!one) throw new MyriadError('not_found', `"${name}" has no experiment with exposed units yet.`);
      const decisions = desk.list().filter(({ appId }) => appId === one.row.appId);
      return appLift(one.judged, one.row, decisions, clock.now());
    },
    async experiments() {
      const rows = (await everyRow()).map((one) => experimentRow(one, shelf.byKey(one.row.experiment)));
      const met = new Set(rows.map(({ experiment }) => experiment));
      return [...shelf.list().flatMap((one) => (met.has(one.key) ? [] : [waitingRow(one)])), ...rows];
    },
    rules: {
      experiment: (appId) => shelf.running(appId),
      globalHoldoutRatio: () => effects.globalHoldout()?.ratio ?? 0,
      route: effects.route,
      canServe: (model) => parts.models().some(({ name, enabled }) => name === model && enabled),
    },
    managedExperiments: () => shelf.list(),
    planExperiment: (request) => changeExperiment(() => experiments.plan(request)),
    startExperiment: (request, by) => changeExperiment(() => experiments.start(request, by)),
    stopExperiment: (id, by) => changeExperiment(() => experiments.stop(id, by)),
    shipExperiment: (id, winner, by) => changeExperiment(() => experiments.ship(id, winner, by)),
    async globalHoldout() {
      await refresh();
      return holdoutAnswer(effects.globalHoldout(), engine.holdout, currency);
    },
    async setGlobalHoldout(ratio, by) {
      if (!(ratio >= 0 && ratio <= 0.2))
        throw new MyriadError('invalid_request', 'ratio: expected a share between 0 and 0.2.');
      const because = {
        en: `A person keeps ${Math.round(ratio * 1_000) / 10} % of units without any app under experiment.`,
        zh: `由人工设定：${Math.round(ratio * 1_000) / 10}% 的单元不使用任何实验中的应用。`,
      };
      const common = { appId: null, app: null, model: null, sample: false, verdict: null, because } as const;
      const from = effects.globalHoldout()?.ratio ?? 0;
      const decision = await desk.applyNow({ ...common, kind: 'holdout', from, to: ratio }, by);
      await rebuild();
      return decision;
    },
    async consolidation(days) {
      await refresh();
      const now = clock.now();
      const rows = await store.ledger.spend({
        tenant: parts.tenant,
        from: now - days * dayMs,
        to: now + 1,
        bucket: 'total',
        groupBy: 'appModel',
      });
      const judged = (
        await Promise.all((['apps', 'parts'] as const).map((which) => judge(parts.tenant, which)))
      ).flatMap((one) => one.judged);
      const answer = consolidateModels({
        models: parts.models(),
        uses: rows.map(({ group, runs, costMicros, currency: from, inputTokens, outputTokens }) => {
          const [app = '', model = ''] = group.split('|');
          return { app, model, runs, spentMicros: convert(costMicros, from) ?? 0, tokens: inputTokens + outputTokens };
        }),
        experiments: judged.flatMap((one) => {
          const managed = shelf.byKey(one.book.plan.experiment);
          return managed ? [{ managed, judged: one }] : [];
        }),
        marginRatio,
      });
      const savesMicros = answer.reduce((sum, { savesMicros: saves }) => sum + Math.max(0, saves ?? 0), 0);
      return { days, currency, marginRatio, rows: answer, savesMicros };
    },
    async demand(days) {
      const questions = await store.log.unserved({ from: clock.now() - days * dayMs, limit: 2_000 });
      const names = new Map<string, string>();
      for (const appId of new Set(questions.map((question) => question.appId)))
        names.set(appId, (await store.apps.byId(appId))?.name ?? appId);
      const clusters = clusterQuestions(questions, (appId) => names.get(appId) ?? appId);
      return { clusters: clusters.slice(0, 100), questions: clusters.reduce((sum, { count }) => sum + count, 0), days };
    },
    async health() {
      await refresh();
      const { rows, health } = aaOf([...engine.books.values()]);
      return {
        aa: { ...health, level: shownAlpha, rows },
        log: engine.position,
        unknownUnits: engine.unread,
        experiments: engine.books.size,
        fingerprint: engine.fingerprint(),
      };
    },
    async replay() {
      await refresh();
      const begun = clock.monotonicMs();
      const { exposures, events } = engine.position;
      const live = engine.fingerprint();
      const again = newEngine();
      await again.advance({ exposures, events });
      const replayed = again.fingerprint();
      const ledgers = [...again.books.values()].reduce((sum, book) => sum + measuresOf(book).length, 0);
      const tookMs = clock.monotonicMs() - begun;
      return { identical: live === replayed, live, replayed, exposures, events, ledgers, tookMs };
    },
    async kpis() {
      const registered = registry.list();
      const names = new Set(registered.map(({ name }) => name));
      const used = [...engine.books.values()].flatMap(({ plan }) => [plan.kpi, ...plan.guardrails]);
      const unregistered = new Map(used.filter(({ name }) => !names.has(name)).map((kpi) => [kpi.name, kpi]));
      return [...registered, ...unregistered.values()];
    },
    async kpi(name) {
      const using = [...engine.books.values()].filter((book) => measuresOf(book).some(({ kpi }) => kpi.name === name));
      const found = using.flatMap(measuresOf).find(({ kpi }) => kpi.name === name)?.kpi;
      const versions = registry.versions(name);
      const kpi = versions[0] ?? found;
      if (!kpi) throw new MyriadError('not_found', `There is no KPI "${name}".`);
      return { kpi, versions, apps: using.map(({ plan }) => plan.app) };
    },
    async unknownUnits() {
      await refresh();
      const unknown = new Map<string, number>();
      for (const { plan, counts } of engine.books.values()) {
        // An event that one experiment knows is no stranger, whatever another says of it.
        const least = Math.min(unknown.get(plan.kpi.name) ?? counts.unknownUnits, counts.unknownUnits);
        if (plan.tenant === parts.tenant) unknown.set(plan.kpi.name, least);
      }
      return unknown;
    },
    async saveKpi(name, registration, by, restart) {
      await refresh();
      const inUse = [...engine.books.values()].some((book) => measuresOf(book).some(({ kpi }) => kpi.name === name));
      if (inUse && registry.versions(name).length === 0 && !restart)
        throw new MyriadError(
          'conflict',
          `"${name}" is in use by an app's own definition. Registering it counts its experiments anew: say so with restart.`,
        );
      const saved = await registry.save(name, registration, by, { restart });
      const { version } = saved;
      await store.audit.append({
        time: clock.now(),
        actor: by,
        action: 'kpi.define',
        object: name,
        detail: { version },
      });
      if (inUse) await rebuild();
      return saved;
    },
    decisions: ({ status, app }) =>
      desk.list().filter((one) => (!status || one.status === status) && (!app || one.appId === app || one.app === app)),
    async decide(id, action, by) {
      const decision = await desk[action](id, by);
      if (decision.kind === 'holdout') await rebuild();
      return decision;
    },
    propose,
    limits: () => desk.limits(),
    setLimits: (limits, by) => desk.setLimits(limits, by),
    stopState: () => effects.stopState(),
    async stop(request, by) {
      const decision = await desk.applyNow(await stopDecision(parts, request), by);
      return { decision, state: effects.stopState() };
    },
    loadSample: () =>
      sampleGuard(async () => {
        const begun = clock.monotonicMs();
        const loaded = await loadSample({ ...parts, registry });
        await refresh();
        await propose();
        return { loaded: true, ...loaded, tookMs: clock.monotonicMs() - begun };
      }),
    removeSample: () =>
      sampleGuard(async () => {
        const begun = clock.monotonicMs();
        const appIds = [...engine.books.values()].flatMap(({ plan }) =>
          plan.tenant === sampleTenant ? [plan.appId] : [],
        );
        await store.removeTenant(sampleTenant);
        await registry.removeSamples();
        await desk.removeSamples();
        await effects.forget(appIds);
        await store.settings.delete(truthKey);
        await rebuild();
        const tookMs = clock.monotonicMs() - begun;
        return { loaded: false, apps: appIds.length, exposures: 0, events: 0, tookMs };
      }),
    async close() {
      closed = true;
      cancel();
      await busy;
    },
  };
}
