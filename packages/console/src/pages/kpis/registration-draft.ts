import type { KpiDefinition, KpiRegistration, KpiType } from '@myriad/contracts';

/** A registration as it is typed: every field a text. */
export interface KpiDraft {
  readonly name: string;
  readonly titleEn: string;
  readonly titleZh: string;
  readonly type: KpiType;
  readonly direction: 'increase' | 'decrease';
  readonly unit: string;
  readonly windowDays: string;
  readonly worth: string;
  readonly currency: string;
  readonly cap: string;
  readonly denominator: string;
  readonly quantile: string;
  readonly historyDays: string;
  readonly owner: string;
  readonly role: 'goal' | 'guardrail';
}

const dayMs = 86_400_000;
const text = (value: number | null) => (value === null ? '' : String(value));

export function draftOf(kpi: KpiDefinition | null, currency: string, owner: string): KpiDraft {
  return {
    name: kpi?.name ?? '',
    titleEn: kpi?.title.en ?? '',
    titleZh: kpi?.title.zh ?? '',
    type: kpi?.type ?? 'mean',
    direction: kpi?.direction ?? 'increase',
    unit: kpi?.unit ?? '',
    windowDays: String((kpi?.windowMs ?? 7 * dayMs) / dayMs),
    worth: kpi?.valueMicrosPerUnit == null ? '' : String(kpi.valueMicrosPerUnit / 1_000_000),
    currency: kpi?.currency ?? currency,
    cap: text(kpi?.cap ?? null),
    denominator: kpi?.denominator ?? '',
    quantile: String(kpi?.quantile ?? 0.9),
    historyDays: kpi?.historyMs ? String(kpi.historyMs / dayMs) : '',
    owner: kpi ? kpi.owner : owner,
    role: kpi?.role ?? 'goal',
  };
}

/** What is sent: an empty field is "none", never 0; a worth without a currency, or of a quantile, is not sent. */
export function registrationOf(draft: KpiDraft): KpiRegistration {
  const number = (typed: string) => (typed.trim() === '' ? null : Number(typed));
  const isQuantile = draft.type === 'quantile';
  const worth = isQuantile ? null : number(draft.worth);
  const history = isQuantile ? null : number(draft.historyDays);
  return {
    title: { en: draft.titleEn.trim() || draft.titleZh.trim(), zh: draft.titleZh.trim() || draft.titleEn.trim() },
    type: draft.type,
    direction: draft.direction,
    unit: draft.unit.trim(),
    windowMs: Math.round(Number(draft.windowDays) * dayMs),
    valueMicrosPerUnit: worth === null ? null : Math.round(worth * 1_000_000),
    currency: worth === null ? null : draft.currency.trim().toUpperCase(),
    cap: number(draft.cap),
    denominator: draft.type === 'ratio' ? draft.denominator.trim() || null : null,
    quantile: isQuantile ? number(draft.quantile) : null,
    historyMs: history === null || history <= 0 ? null : Math.round(history * dayMs),
    owner: draft.owner.trim(),
    role: draft.role,
  };
}
