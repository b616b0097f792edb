import type {
  AppLiftAnswer,
  ArmEvidence,
  Decision,
  GuardrailEvidence,
  LocalizedText,
  PortfolioRow,
} from '@myriad/contracts';
import { aggregateOf, armMoments, covarianceOf, meanOf } from '@myriad/lift';
import { armCounts, plannedWeights, sampleRatioNow } from '../measure/experiment-book.ts';
import type { Judged } from './judge-books.ts';
import { bounds } from './portfolio-row.ts';

/** Everything behind one row: looks, raw sums, health of the assignment, guardrails, and the formula in words. */
export function appLift(judged: Judged, row: PortfolioRow, decisions: readonly Decision[], now: number): AppLiftAnswer {
  const { book, comparison } = judged;
  const { pValue } = sampleRatioNow(book);
  const last = row.absolute ? [{ time: now, units: row.units, effect: row.absolute }] : [];
  return {
    row,
    kpi: book.plan.kpi,
    sequence: [...book.looks, ...last],
    arms: [0, 1].map((arm) => armEvidence(judged, arm as 0 | 1)),
    sampleRatio: { planned: plannedWeights(book), pValue, mismatch: pValue < 0.001 },
    contamination: { ratio: judged.contamination.shareRatio, blocks: judged.contamination.blocks },
    guardrails: judged.guardrails.map(guardrailEvidence),
    evidence: comparison && { logE: comparison.logE, pValue: comparison.pValue },
    varianceReduction: comparison?.varianceReduction ?? 0,
    counted: { ...book.counts },
    formula: formulaOf(judged),
    decisions,
  };
}

function armEvidence({ book }: Judged, arm: 0 | 1): ArmEvidence {
  const { ledger, kpi } = book.goal;
  const moments = armMoments(aggregateOf(ledger), arm);
  const uncapped = armMoments(aggregateOf(ledger, 'uncapped'), arm);
  const units = moments[0] as number;
  const mean = units === 0 ? 0 : meanOf(moments, 0);
  const variance = units < 2 ? 0 : covarianceOf(moments, 0, 0);
  return {
    variant: arm === 0 ? controlName(book.plan.baseline) : 'treatment',
    units,
    mean,
    variance: kpi.type === 'proportion' ? mean * (1 - mean) : variance,
    sum: mean * units,
    squaredDeviations: variance * Math.max(0, units - 1),
    uncappedMean: units === 0 ? 0 : meanOf(uncapped, 0),
    delivered: Object.fromEntries([...book.delivered[arm]].sort()),
  };
}

const controlName = (baseline: string) => (baseline === 'none' ? 'holdout' : `holdout (${baseline})`);

function guardrailEvidence({
  measure,
  comparison,
  tripped,
  sureHarm,
}: Judged['guardrails'][number]): GuardrailEvidence {
  const { name, direction } = measure.kpi;
  return {
    kpi: name,
    direction,
    tripped,
    sureHarm,
    effect: comparison && bounds(comparison.difference, comparison.interval),
  };
}

function formulaOf({ book, comparison }: Judged): LocalizedText {
  const [control, treated] = armCounts(book);
  if (!comparison)
    return {
      en: `Effect = mean of the treated − mean of the holdout. There are ${treated} treated and ${control} held-out units: too few to estimate it.`,
      zh: `影响 = 实验组均值 − 对照组均值。目前实验组 ${treated}、对照组 ${control} 个单元，尚不足以估计。`,
    };
  const figure = (value: number) => String(Number(value.toPrecision(5))).replace('-', '−');
  const { treatmentMean, controlMean, difference, standardError, theta } = comparison;
  const how = `${figure(treatmentMean)} − ${figure(controlMean)}`;
  const { quantile } = book.plan.kpi;
  if (book.plan.kpi.type === 'quantile')
    return {
      en: `Effect = ${quantile}-quantile of ${comparison.treatmentUnits} treated units − that of ${comparison.controlUnits} held-out units, of those whose window has ended = ${how} = ${figure(difference)}. The interval is the always-valid one for quantiles at 95 % (Howard & Ramdas 2022): exact, without a variance, and it holds however often one looks.`,
      zh: `影响 = 实验组 ${comparison.treatmentUnits} 个单元的 ${quantile} 分位数 − 对照组 ${comparison.controlUnits} 个单元的 ${quantile} 分位数（仅计窗口已结束的单元） = ${how} = ${figure(difference)}。区间为 95% 分位数置信序列（Howard 与 Ramdas，2022）：精确、无需方差，无论查看多少次都成立。`,
    };
  const adjusted = theta === 0 ? '' : `, adjusted by history with θ = ${figure(theta)}, `;
  return {
    en: `Effect = mean of ${treated} treated units − mean of ${control} held-out units = ${how}${adjusted} = ${figure(difference)}; standard error ${figure(standardError)}. The interval is an asymptotic confidence sequence at 95 % (arXiv 2103.06476, N* = 5,000): it holds however often one looks.`,
    zh: `影响 = 实验组 ${treated} 个单元的均值 − 对照组 ${control} 个单元的均值 = ${how}${theta === 0 ? '' : `（以历史数据校正，θ = ${figure(theta)}）`} = ${figure(difference)}；标准误 ${figure(standardError)}。区间为 95% 渐近置信序列（arXiv 2103.06476，N* = 5,000），无论查看多少次都成立。`,
  };
}
