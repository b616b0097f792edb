import type { Decision, ExperimentRoutes, ManagedExperiment } from '@myriad/contracts';
import { MockRefusal, type MockRoutes } from './mock-types.ts';

const day = 86_400_000;

const experimentAt = (now: number): ManagedExperiment => ({
  id: 'exp_store_search',
  key: 'store-search:orders:exp_store_search',
  appId: 'app_store_search',
  app: 'store-search',
  kpi: 'orders',
  control: { serve: 'none' },
  treatment: { serve: 'current' },
  controlRatio: 0.5,
  guardrails: ['returns'],
  goalRatio: 0.05,
  windowMs: 7 * day,
  unit: 'user',
  status: 'running',
  startedAt: now - 20 * day,
  startedBy: 'per_1',
  endedAt: null,
  winner: null,
});

const decisionAt = (now: number, kind: Decision['kind'], app: string | null): Decision => ({
  id: `dec_${kind}_${now}`,
  kind,
  status: 'applied',
  appId: app,
  app,
  model: null,
  sample: false,
  from: null,
  to: null,
  verdict: null,
  because: { en: 'A person did it.', zh: '由人工执行。' },
  proposedAt: now,
  decidedAt: now,
  decidedBy: 'per_1',
  canUndo: true,
});

export const experimentRoutes: Required<Pick<MockRoutes, keyof ExperimentRoutes>> = {
  'GET /api/experiments': ({ now }) => ({ items: [experimentAt(now())] }),
  'POST /api/experiments/plan': ({ body }) => ({
    app: body.app,
    kpi: body.kpi ?? 'orders',
    control: body.control,
    treatment: body.treatment,
    controlRatio: body.controlRatio ?? 0.5,
    guardrails: body.guardrails,
    goalRatio: body.goalRatio ?? 0.05,
    mean: 4.2,
    standardDeviation: 6.1,
    unitsPerDay: 1_200,
    basis: 'measured',
    unitsNeeded: 14_600,
    timeToVerdictMs: 12 * day,
    weeks: [0.31, 0.62, 0.8, 0.91, 0.96, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998].map((power, index) => ({
      week: index + 1,
      power,
      leastEffect: 0.09 / Math.sqrt(index + 1),
    })),
    problems:
      body.guardrails.length === 0
        ? [
            {
              en: 'Name at least one guardrail: a KPI that must not get worse.',
              zh: '至少指定一个护栏指标：不允许变差的指标。',
            },
          ]
        : [],
    warnings: [],
  }),
  'POST /api/experiments': ({ body, now }) => ({
    experiment: { ...experimentAt(now()), app: body.app, startedAt: now() },
    decision: decisionAt(now(), 'start-experiment', body.app),
  }),
  'POST /api/experiments/:id': ({ params, body, now }) => {
    if (params.id !== 'exp_store_search') throw new MockRefusal('not_found', 'There is no such experiment.');
    const stopped = body.action === 'stop';
    return {
      experiment: { ...experimentAt(now()), status: stopped ? 'stopped' : 'shipped', winner: body.winner ?? null },
      decision: decisionAt(now(), stopped ? 'stop-experiment' : 'ship', 'store-search'),
    };
  },
  'GET /api/cockpit/holdout': ({ now }) => ({
    ratio: 0.02,
    since: now() - 40 * day,
    heldOut: 6_412,
    treated: 318_204,
    perUnit: { estimate: 610_000, low: 120_000, high: 1_100_000 },
    earned: { estimate: 194_104_440_000, low: 38_184_480_000, high: 350_024_400_000 },
    currency: 'CNY',
    kpis: ['refund_cycle_hours', 'orders'],
  }),
  'PUT /api/cockpit/holdout': ({ body, now }) => ({
    ...decisionAt(now(), 'holdout', null),
    from: 0.02,
    to: body.ratio,
  }),
  'GET /api/cockpit/consolidation': () => ({
    days: 30,
    currency: 'CNY',
    marginRatio: 0.02,
    savesMicros: 4_120_000_000,
    rows: [
      {
        model: 'ernie-large',
        enabled: true,
        apps: [
          {
            app: 'refund-desk',
            runs: 12_400,
            spentMicros: 5_300_000_000,
            kpi: {
              experiment: 'exp_refund',
              effect: { estimate: 0.004, low: -0.011, high: 0.019 },
              marginRatio: 0.02,
              nonInferior: true,
            },
          },
        ],
        spentMicros: 5_300_000_000,
        tokens: 41_000_000,
        replacement: 'qwen-small',
        savesMicros: 4_120_000_000,
        state: 'proven',
        because: {
          en: 'qwen-small does as well for its app, within the margin, however often one looks.',
          zh: 'qwen-small 在其 1 个应用上均不差于它（在允许范围内，任何时候查看都成立）。',
        },
      },
      {
        model: 'qwen-small',
        enabled: true,
        apps: [{ app: 'store-search', runs: 90_100, spentMicros: 1_100_000_000, kpi: null }],
        spentMicros: 1_100_000_000,
        tokens: 62_000_000,
        replacement: null,
        savesMicros: null,
        state: 'untested',
        because: {
          en: 'Not known: start an experiment of base model against base model for its app.',
          zh: '尚不可知：请为其 1 个应用分别启动基础模型对比实验。',
        },
      },
    ],
  }),
};
