import type { Language } from '../words/language.ts';

const localeOf = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-GB');
const withMinus = (text: string) => text.replace('-', '−');

/**
 * Money to three figures, as one says it: ¥1.84 million, ¥212,000; 184 万 in Chinese.
 *
 * @param micros Micros of the currency.
 */
export function roundMoney(micros: number, currency: string, language: Language): string {
  const amount = micros / 1_000_000;
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  if (language === 'zh') {
    const few = { maximumSignificantDigits: 3, notation: 'compact' } as const;
    return withMinus(new Intl.NumberFormat('zh-CN', { ...style, ...few }).format(amount));
  }
  const size = Math.abs(amount);
  const [unit, name] = size >= 999_500_000 ? [1e9, ' billion'] : size >= 999_500 ? [1e6, ' million'] : [1, ''];
  const few = { maximumSignificantDigits: 3, minimumFractionDigits: 0 } as const;
  return withMinus(new Intl.NumberFormat('en-GB', { ...style, ...few }).format(amount / unit)) + name;
}

/** A figure to three digits, with its sign when it is a difference. */
export function roundNumber(value: number, language: Language, signed = false): string {
  return withMinus(
    new Intl.NumberFormat(localeOf(language), {
      maximumSignificantDigits: 3,
      ...(signed ? { signDisplay: 'exceptZero' } : {}),
    }).format(value),
  );
}

/** A relative lift: +14.2 %, −0.3 %. */
export function roundPercent(ratio: number, language: Language, signed = true): string {
  return withMinus(
    new Intl.NumberFormat(localeOf(language), {
      style: 'percent',
      maximumFractionDigits: 1,
      ...(signed ? { signDisplay: 'exceptZero' } : {}),
    }).format(ratio),
  );
}

export type WaitUnit = 'day' | 'week' | 'month';

const dayMs = 86_400_000;

/** A time to wait in the unit that one would say it in; null when it cannot be said. */
export function roundWait(ms: number | null): { readonly count: number; readonly unit: WaitUnit } | null {
  if (ms === null || !Number.isFinite(ms) || ms < 0) return null;
  const days = Math.max(1, Math.round(ms / dayMs));
  if (days < 14) return { count: days, unit: 'day' };
  if (days < 70) return { count: Math.round(days / 7), unit: 'week' };
  return { count: Math.round(days / 30.4), unit: 'month' };
}
