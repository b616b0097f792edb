import type { CockpitRoutes, Decision, PortfolioRow, StopState, Verdict } from '@myriad/contracts';
import { type MockCockpit, mockCockpit } from './mock-cockpit-world.ts';
import { mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';

const day = 86_400_000;
const kept = new WeakMap<object, MockCockpit>();

/** The cockpit of a mock's world, made at the first question. */
function cockpitOf({ world, now }: MockCall): MockCockpit {
  const cockpit = kept.get(world) ?? mockCockpit(now());
  kept.set(world, cockpit);
  return cockpit;
}

const log = { exposures: 331_852, events: 1_204_318, lagMs: 340 };
const stopState = ({ everything, stoppedApps, stoppedModels }: MockCockpit): StopState => ({
  everything,
  apps: stoppedApps,
  models: stoppedModels,
});

function rowOf(call: MockCall): PortfolioRow {
  const row = cockpitOf(call).rows.find(({ app }) => app === call.params.app);
  if (!row) throw new MockRefusal('not_found', `The app ${call.params.app} has no experiment.`);
  return row;
}

function sum(rows: readonly PortfolioRow[], pick: (row: PortfolioRow) => number): number {
  return rows.reduce((total, row) => total + pick(row), 0);
}

export const cockpitRoutes: Required<Pick<MockRoutes, keyof CockpitRoutes>> = {
  'GET /api/cockpit/portfolio': (call) => {
    const { rows: all, decisions } = cockpitOf(call);
    const { sample } = call.query;
    const rows = all.filter((row) => (sample === 'only' ? row.sample : sample === 'without' ? !row.sample : true));
    const byVerdict: Record<Verdict, number> = { Grow: 0, Keep: 0, Review: 0, Retire: 0, 'Too early': 0 };
    for (const row of rows) byVerdict[row.verdict] += 1;
    const valued = rows.filter(({ earned, blocked }) => earned && !blocked);
    return {
      time: call.now(),
      currency: 'CNY',
      headline: {
        apps: rows.length,
        earned:
          valued.length === 0
            ? null
            : {
                estimate: sum(valued, ({ earned }) => earned?.estimate ?? 0),
                low: sum(valued, ({ earned }) => earned?.low ?? 0),
                high: sum(valued, ({ earned }) => earned?.high ?? 0),
              },
        spentMicros: sum(rows, ({ spentMicros }) => spentMicros),
        byVerdict,
        sentence: { en: '', zh: '' },
      },
      rows,
      needsYou: decisions.filter(({ status }) => status === 'proposed'),
      sample: rows.some((row) => row.sample),
      log,
    };
  },
  'GET /api/cockpit/apps/:app': (call) => {
    const row = rowOf(call);
    const cockpit = cockpitOf(call);
    const kpi = cockpit.kpis.find(({ name }) => name === row.kpi) ?? cockpit.kpis[0];
    if (!kpi) throw new MockRefusal('internal', 'The mock lost its KPIs.');
    const held = Math.round(row.units * 0.1);
    const arm = (variant: string, units: number, mean: number) => ({
      variant,
      units,
      mean,
      variance: mean * mean,
      sum: mean * units,
      squaredDeviations: mean * mean * (units - 1),
      uncappedMean: mean * 1.01,
      delivered: { [variant]: units },
    });
    const effect = row.absolute?.estimate ?? 0;
    const base = row.relative ? effect / row.relative.estimate : 1.24;
    return {
      row,
      kpi,
      sequence: row.sparkline,
      arms: [arm('holdout', held, base), arm('app', row.units - held, base + effect)],
      sampleRatio: {
        planned: [0.1, 0.9],
        pValue: row.blocked ? 0.0002 : 0.61,
        mismatch: row.blockedReason === 'sample_ratio_mismatch',
      },
      contamination: { ratio: 0.004, blocks: false },
      guardrails: [
        {
          kpi: 'returns',
          direction: 'decrease',
          tripped: row.guardrails.tripped.length > 0,
          sureHarm: row.guardrails.tripped.length > 0 ? 0.01 : 0,
          effect:
            row.guardrails.tripped.length > 0
              ? { estimate: 0.04, low: 0.01, high: 0.07 }
              : { estimate: -0.002, low: -0.02, high: 0.016 },
        },
      ],
      evidence: { logE: row.selected ? 11.4 : 0.8, pValue: row.selected ? 0.000011 : 0.45 },
      varianceReduction: 0.31,
      counted: {
        counted: row.units * 3,
        beforeExposure: 1_204,
        afterWindow: 310,
        unknownUnits: 22,
        late: 41,
        corrections: 7,
        ahead: 0,
      },
      formula: {
        en: `(${(base + effect).toFixed(2)} − ${base.toFixed(2)}) ${row.kpiUnit} a person, over ${row.units - held} and ${held} people.`,
        zh: `人均（${(base + effect).toFixed(2)} − ${base.toFixed(2)}）${row.kpiUnit}，两组分别 ${row.units - held} 人与 ${held} 人。`,
      },
      decisions: cockpit.decisions.filter(({ app }) => app === row.app),
    };
  },
  'GET /api/cockpit/experiments': (call) => ({
    items: cockpitOf(call).rows.map((row) => ({
      experiment: row.experiment,
      id: row.app === 'store-search' ? 'exp_store_search' : null,
      appId: row.appId,
      app: row.app,
      sample: row.sample,
      kpi: row.kpi,
      kpiVersion: 1,
      unit: 'user',
      holdoutRatio: 0.1,
      baseline: 'none',
      treatment: 'current',
      guardrails: ['returns'],
      windowMs: 7 * day,
      startedAt: row.sparkline[0]?.time ?? null,
      units: row.units,
      unitsPerDay: row.units / row.sparkline.length,
      verdict: row.verdict,
      timeToVerdictMs: row.timeToVerdictMs,
      effect: row.absolute,
      relative: row.relative,
      guardrailsTripped: row.guardrails.tripped,
      status: row.blocked ? 'blocked' : row.verdict === 'Too early' ? 'running' : 'decided',
    })),
  }),
  'GET /api/cockpit/demand': ({ now }) => ({
    clusters: [
      demand('dem_1', 'Where is my invoice?', 1_204, 861, now(), [
        'Where can I find the invoice for order [number]?',
        '发票在哪里下载？',
      ]),
      demand('dem_2', '把合同翻译成英文', 642, 208, now(), ['帮我把这份采购合同翻译成英文']),
      demand('dem_3', 'Who approves travel over ¥5,000?', 388, 301, now(), [
        'Travel to [place] costs ¥6,200, who signs?',
      ]),
    ],
    questions: 2_618,
    days: 30,
  }),
  'GET /api/cockpit/health': () => ({
    aa: {
      comparisons: 412,
      alarms: 9,
      errorRatio: 9 / 412,
      level: 0.05,
      pValue: 0.998,
      failed: false,
      rows: [
        { experiment: 'refund-desk:refund_cycle_hours', units: 4_821, pValue: 0.71 },
        { experiment: 'store-search:orders', units: 21_240, pValue: 0.34 },
        { experiment: 'slogan-writer:orders', units: 4_830, pValue: 0.04 },
      ],
    },
    log,
    unknownUnits: 22,
    experiments: 8,
    fingerprint: '6a41c9e0d2b7'.repeat(5).slice(0, 64),
  }),
  'POST /api/cockpit/replay': async () => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    const live = '6a41c9e0d2b7'.repeat(5).slice(0, 64);
    return {
      identical: true,
      live,
      replayed: live,
      exposures: log.exposures,
      events: log.events,
      ledgers: 16,
      tookMs: 2_410,
    };
  },
  'GET /api/cockpit/stop': (call) => stopState(cockpitOf(call)),
  'POST /api/cockpit/stop': (call) => {
    const cockpit = cockpitOf(call);
    const { what, name = '', resume = false } = call.body;
    const change = (names: string[]) => (resume ? names.filter((each) => each !== name) : [...names, name]);
    if (what === 'everything') cockpit.everything = !resume;
    if (what === 'app') cockpit.stoppedApps = change(cockpit.stoppedApps);
    if (what === 'model') cockpit.stoppedModels = change(cockpit.stoppedModels);
    const kind = `${resume ? 'resume' : 'stop'}${what === 'everything' ? '-all' : what === 'model' ? '-model' : ''}`;
    const decision: Decision = {
      id: call.id('dec'),
      kind: kind as Decision['kind'],
      status: 'applied',
      appId: null,
      app: what === 'app' ? name : null,
      model: what === 'model' ? name : null,
      sample: false,
      from: null,
      to: null,
      verdict: null,
      because: { en: 'The stop switch was used.', zh: '使用了总开关。' },
      proposedAt: call.now(),
      decidedAt: call.now(),
      decidedBy: 'per_lin',
      canUndo: true,
    };
    cockpit.decisions = [decision, ...cockpit.decisions];
    return { decision, state: stopState(cockpit) };
  },
  'GET /api/cockpit/limits': () => ({
    automaticShares: false,
    lowestShare: 0.75,
    highestShare: 1.25,
    automaticStops: false,
  }),
  'PUT /api/cockpit/limits': ({ body }) => body,
  'GET /api/kpis': (call) => ({ items: cockpitOf(call).kpis }),
  'GET /api/kpis/:name': (call) => {
    const { kpis, rows } = cockpitOf(call);
    const kpi = kpis.find(({ name }) => name === call.params.name);
    if (!kpi) throw new MockRefusal('not_found', 'No such KPI.');
    const older = kpi.version > 1 ? [{ ...kpi, version: 1, cap: null, changedAt: kpi.changedAt - 20 * day }] : [];
    return { kpi, versions: [kpi, ...older], apps: rows.filter((row) => row.kpi === kpi.name).map(({ app }) => app) };
  },
  'PUT /api/kpis/:name': (call) => {
    const cockpit = cockpitOf(call);
    const { restart, ...registration } = call.body;
    const before = cockpit.kpis.find(({ name }) => name === call.params.name);
    if (before?.frozenAt && !restart && registration.cap !== before.cap) {
      throw new MockRefusal(
        'conflict',
        `${before.name} is frozen since its first exposure; a change of its measure restarts it.`,
      );
    }
    const kpi = {
      ...registration,
      name: call.params.name ?? '',
      version: (before?.version ?? 0) + 1,
      frozenAt: before?.frozenAt ?? null,
      startsAt: restart ? call.now() : 0,
      changedAt: call.now(),
      changedBy: 'per_lin',
      source: 'registered' as const,
      sample: false,
    };
    cockpit.kpis = [...cockpit.kpis.filter(({ name }) => name !== kpi.name), kpi];
    return kpi;
  },
  'GET /api/decisions': (call) =>
    mockPage(
      cockpitOf(call).decisions.filter(
        ({ status, app }) =>
          (!call.query.status || status === call.query.status) && (!call.query.app || app === call.query.app),
      ),
      call.query,
    ),
  'POST /api/decisions/:id': (call) => {
    const cockpit = cockpitOf(call);
    const at = cockpit.decisions.findIndex(({ id }) => id === call.params.id);
    const before = cockpit.decisions[at];
    if (!before) throw new MockRefusal('not_found', 'There is no such decision.');
    const status = { approve: 'applied', reject: 'rejected', undo: 'undone' } as const;
    const action = call.body.action as keyof typeof status;
    const after: Decision = {
      ...before,
      status: status[action],
      decidedAt: call.now(),
      decidedBy: 'per_lin',
      canUndo: action === 'approve',
    };
    cockpit.decisions[at] = after;
    return after;
  },
  'POST /api/cockpit/demo': (call) => {
    const cockpit = cockpitOf(call);
    cockpit.rows = mockCockpit(call.now()).rows;
    return { loaded: true, apps: 2, exposures: 6_000, events: 14_000, tookMs: 900 };
  },
  'DELETE /api/cockpit/demo': (call) => {
    const cockpit = cockpitOf(call);
    cockpit.rows = cockpit.rows.filter(({ sample }) => !sample);
    cockpit.kpis = cockpit.kpis.filter(({ sample }) => !sample);
    cockpit.decisions = cockpit.decisions.filter(({ sample }) => !sample);
    return { loaded: false, apps: 0, exposures: 0, events: 0, tookMs: 12 };
  },
};

function demand(id: string, title: string, count: number, people: number, now: number, examples: readonly string[]) {
  return {
    id,
    title,
    count,
    people,
    reasons: {
      notFound: Math.round(count * 0.6),
      thumbsDown: Math.round(count * 0.3),
      errors: Math.round(count * 0.1),
      rephrased: Math.round(count * 0.2),
      abandoned: Math.round(count * 0.05),
    },
    apps: ['assistant'],
    examples: examples.map((text, index) => ({ text, time: now - (index + 1) * 3_600_000, app: 'assistant' })),
    lastTime: now - 3_600_000,
    draftManifest: `kind: App\nname: ${id.replace('_', '-')}\ntitle: {en: ${JSON.stringify(title)}, zh: ${JSON.stringify(title)}}\ninstructions: Answer and cite.\n`,
  };
}
