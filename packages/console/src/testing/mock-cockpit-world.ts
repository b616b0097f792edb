/** What the mock's cockpit shows: an invented company's apps, and two of the labelled sample. */
import type { Decision, KpiDefinition, Look, PortfolioRow, Verdict } from '@myriad/contracts';

const day = 86_400_000;

export interface MockCockpit {
  rows: PortfolioRow[];
  decisions: Decision[];
  kpis: KpiDefinition[];
  everything: boolean;
  stoppedApps: string[];
  stoppedModels: string[];
}

/** Looks whose interval narrows as the square root of the people seen. */
function looks(now: number, effect: number, noise: number, units: number, days = 60): Look[] {
  return Array.from({ length: days }, (_, index) => {
    const part = (index + 1) / days;
    const half = noise / Math.sqrt(part);
    const estimate = effect + Math.sin(index * 1.7) * half * 0.16;
    const bounded = index > 1;
    return {
      time: now - (days - 1 - index) * day,
      units: Math.round(units * part),
      effect: { estimate, low: bounded ? estimate - half : null, high: bounded ? estimate + half : null },
    };
  });
}

interface Given {
  readonly app: string;
  readonly en: string;
  readonly zh: string;
  readonly kpi: string;
  readonly unit: string;
  readonly direction?: 'increase' | 'decrease';
  readonly verdict: Verdict;
  readonly because: readonly [en: string, zh: string];
  readonly base: number;
  readonly effect: number;
  readonly noise: number;
  readonly units: number;
  /** Worth of a unit of the KPI, in the house's currency; null when nobody said. */
  readonly worth: number | null;
  readonly spent: number;
  readonly share: number;
  readonly days?: number;
  readonly rest?: Partial<PortfolioRow>;
}

function row(now: number, given: Given): PortfolioRow {
  const { app, base, effect, noise, units, worth, direction = 'increase' } = given;
  const sequence = looks(now, effect, noise, units, given.days);
  const last = sequence.at(-1)?.effect ?? { estimate: effect, low: null, high: null };
  const sign = direction === 'increase' ? 1 : -1;
  const money = (value: number) => Math.round(value * sign * (worth ?? 0) * units) * 1_000_000;
  const ends = [money(last.estimate - noise), money(last.estimate + noise)].sort((left, right) => left - right);
  const earned =
    worth === null || !given.because ? null : { estimate: money(effect * 0.92), low: ends[0] ?? 0, high: ends[1] ?? 0 };
  const spentMicros = given.spent * 1_000_000;
  return {
    appId: `app_${app.replaceAll('-', '_')}`,
    app,
    title: { en: given.en, zh: given.zh },
    experiment: `${app}:${given.kpi}`,
    sample: false,
    kpi: given.kpi,
    kpiUnit: given.unit,
    direction,
    verdict: given.verdict,
    because: { en: given.because[0], zh: given.because[1] },
    blocked: false,
    blockedReason: null,
    absolute: last,
    relative: {
      estimate: last.estimate / base,
      low: ((last.low ?? 0) / base) * 1.03,
      high: ((last.high ?? 0) / base) * 1.03,
    },
    shrunken: effect * 0.92,
    units,
    selected: given.verdict === 'Grow' || given.verdict === 'Retire',
    earned,
    spentMicros,
    net: earned && {
      estimate: earned.estimate - spentMicros,
      low: earned.low - spentMicros,
      high: earned.high - spentMicros,
    },
    currency: 'CNY',
    share: given.share,
    status: 'published',
    timeToVerdictMs: 0,
    guardrails: { ok: 1, tripped: [] },
    sparkline: sequence,
    truth: null,
    ...given.rest,
  };
}

function kpi(now: number, name: string, en: string, zh: string, rest: Partial<KpiDefinition>): KpiDefinition {
  return {
    name,
    title: { en, zh },
    type: 'mean',
    direction: 'increase',
    unit: 'orders',
    windowMs: 7 * day,
    valueMicrosPerUnit: null,
    currency: null,
    cap: null,
    denominator: null,
    historyMs: null,
    owner: 'finance@example.com',
    role: 'goal',
    version: 1,
    frozenAt: now - 60 * day,
    startsAt: 0,
    changedAt: now - 64 * day,
    changedBy: 'per_lin',
    source: 'registered',
    sample: false,
    ...rest,
  };
}

export function mockCockpit(now: number): MockCockpit {
  const truth = (effect: number) => ({ effect, insideInterval: true });
  const rows = [
    row(now, {
      app: 'refund-desk',
      en: 'Refund desk',
      zh: '退款助手',
      kpi: 'refund_cycle_hours',
      unit: 'hours',
      direction: 'decrease',
      verdict: 'Grow',
      because: [
        'Refund time fell by 6.8 hours a person (4.1 to 9.5), after 48,210 people.',
        '退款时间人均缩短 6.8 小时（4.1 至 9.5），共 48,210 人。',
      ],
      base: 48,
      effect: -6.8,
      noise: 2.7,
      units: 48_210,
      worth: 1.3,
      spent: 44_200,
      share: 1,
    }),
    row(now, {
      app: 'store-search',
      en: 'Store search',
      zh: '商城搜索',
      kpi: 'orders',
      unit: 'orders',
      verdict: 'Keep',
      because: [
        'Orders rose by 0.03 a person (0.001 to 0.059); not chosen among all apps, so the share stays.',
        '人均订单增加 0.03（0.001 至 0.059）；在所有应用中未入选，份额不变。',
      ],
      base: 1.24,
      effect: 0.03,
      noise: 0.029,
      units: 212_400,
      worth: 62,
      spent: 71_300,
      share: 1,
    }),
    row(now, {
      app: 'contract-reader',
      en: 'Contract reader',
      zh: '合同阅读',
      kpi: 'days_to_signature',
      unit: 'days',
      direction: 'decrease',
      verdict: 'Review',
      because: [
        'Days to signature fell by 0.3 (−0.2 to 0.8): it may help, and may not, and it costs.',
        '签约天数缩短 0.3 天（−0.2 至 0.8）：或许有用，也或许没有，且有花费。',
      ],
      base: 9.6,
      effect: -0.3,
      noise: 0.5,
      units: 6_310,
      worth: 51,
      spent: 52_000,
      share: 1,
    }),
    row(now, {
      app: 'onboarding-guide',
      en: 'Onboarding guide',
      zh: '入职向导',
      kpi: 'first_week_activity',
      unit: 'actions',
      verdict: 'Too early',
      because: [
        'Too early: 412 people so far; a verdict in about 3 weeks.',
        '为时尚早：目前 412 人；约 3 周后有结论。',
      ],
      base: 21,
      effect: 1.4,
      noise: 6.2,
      units: 412,
      worth: null,
      spent: 2_100,
      share: 1,
      days: 9,
      rest: { timeToVerdictMs: 21 * day, shrunken: null },
    }),
    row(now, {
      app: 'slogan-writer',
      en: 'Slogan writer',
      zh: '口号写手',
      kpi: 'orders',
      unit: 'orders',
      verdict: 'Retire',
      because: [
        'Orders fell by 0.021 a person (0.003 to 0.039), and the guardrail “returns” tripped.',
        '人均订单减少 0.021（0.003 至 0.039），护栏指标“退货”已触发。',
      ],
      base: 1.24,
      effect: -0.021,
      noise: 0.018,
      units: 48_300,
      worth: 18,
      spent: 9_400,
      share: 0.56,
      rest: { guardrails: { ok: 0, tripped: ['returns'] } },
    }),
    row(now, {
      app: 'shop-assistant',
      en: 'Shop assistant',
      zh: '导购助手',
      kpi: 'orders',
      unit: 'orders',
      verdict: 'Review',
      because: [
        'The groups are not as large as they were drawn (p = 0.0002). Nothing may be concluded.',
        '各组人数与抽取比例不符（p = 0.0002），不能下结论。',
      ],
      base: 1.24,
      effect: 0.05,
      noise: 0.06,
      units: 9_120,
      worth: 62,
      spent: 6_800,
      share: 1,
      rest: { blocked: true, blockedReason: 'sample_ratio_mismatch', relative: null, earned: null, net: null },
    }),
    row(now, {
      app: 'sample-order-writer',
      en: 'Order writer',
      zh: '下单助手',
      kpi: 'sample_orders',
      unit: 'orders',
      verdict: 'Grow',
      because: [
        'Orders rose by 0.26 a person (0.15 to 0.37), after 3,000 people.',
        '人均订单增加 0.26（0.15 至 0.37），共 3,000 人。',
      ],
      base: 1.2,
      effect: 0.26,
      noise: 0.11,
      units: 3_000,
      worth: 12,
      spent: 120,
      share: 1,
      rest: { sample: true, truth: truth(0.25) },
    }),
    row(now, {
      app: 'sample-slow-answers',
      en: 'Slow answers',
      zh: '慢答',
      kpi: 'sample_refund_hours',
      unit: 'hours',
      direction: 'decrease',
      verdict: 'Retire',
      because: [
        'Hours to a refund rose by 5.7 a person (3.6 to 7.8), after 3,000 people.',
        '退款周期人均延长 5.7 小时（3.6 至 7.8），共 3,000 人。',
      ],
      base: 48,
      effect: 5.7,
      noise: 2.1,
      units: 3_000,
      worth: 1.5,
      spent: 120,
      share: 1,
      rest: { sample: true, truth: truth(6) },
    }),
  ].sort((left, right) => (right.earned?.estimate ?? 0) - (left.earned?.estimate ?? 0));
  const decision = (id: string, app: string | null, rest: Partial<Decision>): Decision => {
    const about = rows.find((each) => each.app === app);
    return {
      id,
      kind: 'share',
      status: 'proposed',
      appId: about?.appId ?? null,
      app,
      model: null,
      sample: false,
      from: 1,
      to: 1.25,
      verdict: about?.verdict ?? null,
      because: about?.because ?? { en: 'Asked by the owner.', zh: '所有者要求。' },
      proposedAt: now - day / 3,
      decidedAt: null,
      decidedBy: null,
      canUndo: false,
      ...rest,
    };
  };
  const decided = { status: 'applied', decidedBy: 'per_lin' } as const;
  return {
    rows,
    decisions: [
      decision('dec_5', 'refund-desk', {}),
      decision('dec_4', 'slogan-writer', { kind: 'stop', from: null, to: null }),
      decision('dec_3', 'sample-order-writer', { sample: true }),
      decision('dec_2', 'slogan-writer', {
        ...decided,
        from: 0.75,
        to: 0.56,
        proposedAt: now - 3 * day,
        decidedAt: now - 2.8 * day,
        canUndo: true,
      }),
      decision('dec_1', 'store-search', {
        status: 'rejected',
        decidedBy: 'per_maya',
        proposedAt: now - 9 * day,
        decidedAt: now - 8 * day,
      }),
    ],
    kpis: [
      kpi(now, 'refund_cycle_hours', 'Hours to a refund', '退款周期（小时）', {
        direction: 'decrease',
        unit: 'hours',
        valueMicrosPerUnit: 1_300_000,
        currency: 'CNY',
        cap: 200,
        version: 2,
        historyMs: 30 * day,
      }),
      kpi(now, 'orders', 'Orders', '订单数', { type: 'count', valueMicrosPerUnit: 62_000_000, currency: 'CNY' }),
      kpi(now, 'days_to_signature', 'Days to signature', '签约天数', {
        direction: 'decrease',
        unit: 'days',
        valueMicrosPerUnit: 51_000_000,
        currency: 'CNY',
      }),
      kpi(now, 'returns', 'Returns', '退货', {
        type: 'count',
        direction: 'decrease',
        unit: 'returns',
        role: 'guardrail',
      }),
      kpi(now, 'first_week_activity', 'First-week activity', '首周活跃', {
        unit: 'actions',
        source: 'manifest',
        frozenAt: null,
        owner: '',
      }),
      kpi(now, 'sample_orders', 'Orders', '订单数', {
        type: 'count',
        valueMicrosPerUnit: 12_000_000,
        currency: 'CNY',
        source: 'sample',
        sample: true,
      }),
    ],
    everything: false,
    stoppedApps: [],
    stoppedModels: [],
  };
}
