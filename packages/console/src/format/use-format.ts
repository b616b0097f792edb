import { useMemo } from 'react';
import { useLanguage } from '../words/language.ts';
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCompact,
  formatDay,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTime,
} from './format.ts';

/** The formats bound to the reader's language. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(
    () => ({
      money: (micros: number, currency: string) => formatMoney(micros, currency, language),
      number: (value: number) => formatNumber(value, language),
      compact: (value: number) => formatCompact(value, language),
      percent: (ratio: number) => formatPercent(ratio, language),
      bytes: (bytes: number) => formatBytes(bytes, language),
      duration: (ms: number) => formatDuration(ms, language),
      time: (time: number) => formatTime(time, language),
      clock: (time: number) => formatClock(time, language),
      day: (time: number) => formatDay(time, language),
      ago: (time: number) => formatAgo(time, Date.now(), language),
    }),
    [language],
  );
}
