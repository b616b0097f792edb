import type { Language } from '../words/language.ts';

const localeOf = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-GB');

/**
 * Money with its currency. Small amounts keep enough digits to tell them from zero.
 *
 * @param micros Integer micros of the currency.
 */
export function formatMoney(micros: number, currency: string, language: Language): string {
  const amount = micros / 1_000_000;
  const size = Math.abs(amount);
  const digits = size === 0 || size >= 1 ? 2 : 3;
  const precision =
    size > 0 && size < 0.01
      ? { maximumSignificantDigits: 2 }
      : { minimumFractionDigits: 2, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(localeOf(language), {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...precision,
    }).format(amount);
  } catch {
    return `${amount.toFixed(digits)} ${currency}`;
  }
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language)).format(value);
}

/** 1,234 as it is; 12.3k or 1.2 万 from ten thousand. */
export function formatCompact(value: number, language: Language): string {
  if (Math.abs(value) < 10_000) return formatNumber(value, language);
  return new Intl.NumberFormat(localeOf(language), { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function formatPercent(ratio: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 1 }).format(ratio);
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number, language: Language): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < byteUnits.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const number = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: digits }).format(value);
  return `${number} ${byteUnits[unit]}`;
}

/** 240 ms, 1.4 s, 3 min 20 s. */
export function formatDuration(ms: number, language: Language): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1_000);
  if (minutes >= 60) {
    const hours = Math.floor(minutes / 60);
    return language === 'zh' ? `${hours} 小时 ${minutes % 60} 分` : `${hours} h ${minutes % 60} min`;
  }
  return language === 'zh' ? `${minutes} 分 ${seconds} 秒` : `${minutes} min ${seconds} s`;
}

export function formatTime(time: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(time);
}

export function formatClock(time: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(time);
}

export function formatDay(time: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { month: 'short', day: 'numeric' }).format(time);
}

const agoSteps: readonly [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60_000, 1_000, 'second'],
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [30 * 86_400_000, 86_400_000, 'day'],
  [Number.POSITIVE_INFINITY, 30 * 86_400_000, 'month'],
];

/** "3 minutes ago", "in 2 days"; within ten seconds "now". */
export function formatAgo(time: number, now: number, language: Language): string {
  const distance = time - now;
  const format = new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' });
  if (Math.abs(distance) < 10_000) return format.format(0, 'second');
  for (const [limitMs, unitMs, unit] of agoSteps) {
    if (Math.abs(distance) < limitMs) return format.format(Math.trunc(distance / unitMs), unit);
  }
  return formatDay(time, language);
}
