/** Why a verdict is what it is. */
export type VerdictReason =
  | 'sample_ratio_mismatch'
  | 'contaminated'
  | 'aa_failed'
  | 'guardrail_harmed'
  | 'pays'
  | 'works_not_among_many'
  | 'works_costs_more'
  | 'works_value_unknown'
  | 'harms'
  | 'cannot_pay'
  | 'no_difference_that_matters'
  | 'too_few_units'
  | 'not_yet_clear';

/** A sentence per reason and language; `{name}` stands for a fact of the verdict. */
export const VERDICT_SENTENCES: Readonly<Record<VerdictReason, { readonly en: string; readonly zh: string }>> = {
  sample_ratio_mismatch: {
    en: 'Assignment is broken: units do not arrive in the planned shares (p = {sampleRatioPValue}). Nothing can be concluded until it is repaired.',
    zh: '分流异常：各组单元数与计划比例不符（p = {sampleRatioPValue}）。修复之前不下结论。',
  },
  contaminated: {
    en: '{contaminationPercent} % of runs were served another variant than the one assigned. Find the cause (often a cache) first.',
    zh: '{contaminationPercent}% 的运行实际得到的不是所分配的版本。请先查明原因（常见于缓存）。',
  },
  aa_failed: {
    en: 'The nightly A/A test found differences where there are none ({aaErrorPercent} % false alarms). Measurement is not to be trusted now.',
    zh: '每夜 A/A 检验在本无差异处报出差异（误报率 {aaErrorPercent}%）。目前的测量不可信。',
  },
  guardrail_harmed: {
    en: 'The guardrail "{guardrail}" got worse. Look at it before anything else.',
    zh: '护栏指标“{guardrail}”变差，请先处理。',
  },
  pays: {
    en: 'It changes the KPI by {difference} per unit (always-valid interval {lower} to {upper}), and earns more than it costs even at the lower end.',
    zh: '每单元使指标变化 {difference}（随时有效区间 {lower} 至 {upper}），即使按下限计算，收入也高于成本。',
  },
  works_not_among_many: {
    en: 'It works by its own interval ({lower} to {upper}), but among all the apps looked at together this could still be luck.',
    zh: '单看自身区间（{lower} 至 {upper}）有效，但与全部应用一并检视时，仍可能出于偶然。',
  },
  works_costs_more: {
    en: 'It works ({difference} per unit), but costs more than that is worth. A cheaper model or fewer runs may turn it round.',
    zh: '有效果（每单元 {difference}），但花费高于其价值。换更便宜的模型或减少运行或可扭转。',
  },
  works_value_unknown: {
    en: 'It works ({difference} per unit); whether it earns more than it costs is still open.',
    zh: '有效果（每单元 {difference}）；收入能否超过成本尚无定论。',
  },
  harms: {
    en: 'It makes the KPI worse: {difference} per unit, and even the best end of the interval is on the wrong side ({lower} to {upper}).',
    zh: '它使指标变差：每单元 {difference}，区间最好的一端也在不利一侧（{lower} 至 {upper}）。',
  },
  cannot_pay: {
    en: 'Even at the best end of the interval it would earn less than it costs.',
    zh: '即使按区间最好的一端计算，收入也低于成本。',
  },
  no_difference_that_matters: {
    en: 'Any effect is smaller than what would matter ({lower} to {upper}). It does no harm and earns nothing to speak of.',
    zh: '即使有影响，也小于有意义的幅度（{lower} 至 {upper}）。无害，也谈不上收益。',
  },
  too_few_units: {
    en: 'Too early: {units} units so far. A first answer can be expected after about {daysToVerdict} more days.',
    zh: '为时尚早：目前只有 {units} 个单元。预计约 {daysToVerdict} 天后可有初步结论。',
  },
  not_yet_clear: {
    en: 'Too early: the effect lies between {lower} and {upper}. A clear answer can be expected after about {daysToVerdict} more days.',
    zh: '为时尚早：影响在 {lower} 与 {upper} 之间。预计约 {daysToVerdict} 天后可有明确结论。',
  },
};

/** Fills a sentence's placeholders; numbers with at most four significant digits. */
export function verdictSentence(
  reason: VerdictReason,
  facts: Readonly<Record<string, number | string | null>>,
  language: 'en' | 'zh' = 'en',
): string {
  return VERDICT_SENTENCES[reason][language].replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = facts[key];
    if (typeof value === 'string') return value;
    if (typeof value !== 'number' || Number.isNaN(value)) return language === 'zh' ? '未知' : 'unknown';
    if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
    return String(Number(value.toPrecision(4))).replace('-', '−');
  });
}
