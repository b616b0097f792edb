/** A company that does not exist: six apps with KPIs whose true effects are known, since a seed made them. */
import type { KpiRegistration } from '@myriad/contracts';

export interface SampleApp {
  readonly name: string;
  readonly titleEn: string;
  readonly titleZh: string;
  readonly kpi: string;
  readonly goal: string;
  readonly holdoutRatio: number;
  readonly guardrail: string | null;
  readonly units: number;
  /** What a unit does without the app, and what the app adds on average. */
  readonly baseline: number;
  readonly effect: number;
  readonly spread: number;
  /** Added to the guardrail KPI (mean 0.2 a unit) of treated units. */
  readonly harm: number;
  readonly costMicrosPerUnit: number;
  /** Chance that a held-out unit is served the app all the same: a fault to be found. */
  readonly leak: number;
}

const dayMs = 86_400_000;
const kpi = (
  en: string,
  zh: string,
  unit: string,
  rest: Pick<KpiRegistration, 'type' | 'direction'> & Partial<KpiRegistration>,
): KpiRegistration => ({
  title: { en, zh },
  unit,
  windowMs: 7 * dayMs,
  valueMicrosPerUnit: null,
  currency: null,
  cap: null,
  denominator: null,
  historyMs: null,
  owner: 'sample-finance',
  role: 'goal',
  ...rest,
});

/** @param currency The house's, so that money adds up without rates. */
export function sampleKpis(currency: string): Readonly<Record<string, KpiRegistration>> {
  const worth = (valueMicrosPerUnit: number) => ({ valueMicrosPerUnit, currency });
  return {
    sample_refund_hours: kpi('Hours to a refund', '退款周期（小时）', 'hours', {
      type: 'mean',
      direction: 'decrease',
      cap: 200,
      ...worth(1_500_000),
    }),
    sample_orders: kpi('Orders', '订单数', 'orders', { type: 'count', direction: 'increase', ...worth(12_000_000) }),
    sample_conversion: kpi('Buys within a week', '一周内成交', 'buyers', {
      type: 'proportion',
      direction: 'increase',
      ...worth(30_000_000),
    }),
    sample_complaints: kpi('Complaints', '投诉', 'complaints', {
      type: 'count',
      direction: 'decrease',
      role: 'guardrail',
    }),
  };
}

const app = (
  name: string,
  titleEn: string,
  titleZh: string,
  rest: Pick<SampleApp, 'kpi' | 'goal' | 'baseline' | 'effect' | 'spread'> & Partial<SampleApp>,
): SampleApp => ({
  name: `sample-${name}`,
  titleEn: `${titleEn} (sample)`,
  titleZh: `${titleZh}（示例）`,
  holdoutRatio: 0.3,
  guardrail: 'sample_complaints',
  units: 3_000,
  harm: 0,
  costMicrosPerUnit: 40_000,
  leak: 0,
  ...rest,
});

export const sampleApps: readonly SampleApp[] = [
  app('refund-helper', 'Refund helper', '退款助手', {
    kpi: 'sample_refund_hours',
    goal: 'decrease',
    baseline: 48,
    effect: -6,
    spread: 20,
  }),
  app('order-writer', 'Order writer', '下单助手', {
    kpi: 'sample_orders',
    goal: 'increase',
    baseline: 1.2,
    effect: 0.25,
    spread: 0,
  }),
  app('shop-guide', 'Shop guide', '导购', {
    kpi: 'sample_conversion',
    goal: 'increase',
    baseline: 0.1,
    effect: 0,
    spread: 0,
    units: 1_500,
  }),
  app('chatty-seller', 'Chatty seller', '热情销售', {
    kpi: 'sample_orders',
    goal: 'increase',
    baseline: 1.2,
    effect: 0.2,
    spread: 0,
    harm: 0.15,
  }),
  app('slow-answers', 'Slow answers', '慢答', {
    kpi: 'sample_refund_hours',
    goal: 'decrease',
    baseline: 48,
    effect: 6,
    spread: 20,
  }),
  app('leaky-cache', 'Leaky cache', '串味缓存', {
    kpi: 'sample_orders',
    goal: 'increase',
    baseline: 1.2,
    effect: 0.3,
    spread: 0,
    leak: 0.2,
    units: 1_500,
  }),
];

/** The manifest of a sample app, as a person would write it. */
export function sampleManifest(sample: SampleApp): string {
  return [
    'kind: App',
    `name: ${sample.name}`,
    `title: {en: ${JSON.stringify(sample.titleEn)}, zh: ${JSON.stringify(sample.titleZh)}}`,
    'description: {en: "Sample data: a simulated app of a company that does not exist.", zh: "示例数据：虚构公司的模拟应用。"}',
    'instructions: Sample data. This app is simulated.',
    'kpi:',
    `  metric: ${sample.kpi}`,
    `  goal: {direction: ${sample.goal}, by: 5%}`,
    '  experiment:',
    '    unit: user',
    `    holdout: ${sample.holdoutRatio * 100}%`,
    '    window: 7d',
    ...(sample.guardrail ? [`    guardrails: [${sample.guardrail}]`] : []),
    '',
  ].join('\n');
}

/** The experiment's key, which is also the seed of its assignment. */
export const sampleExperiment = (sample: SampleApp): string => `${sample.name}:${sample.kpi}`;

/** What an honest analysis should find: with a leak, intent to treat is diluted by the part of the holdout that was treated. */
export const sampleTruth = (sample: SampleApp): number => sample.effect * (1 - sample.leak);
