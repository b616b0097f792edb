import type { PortfolioAnswer } from '@myriad/contracts';
import { formatDay } from '../format/format.ts';
import type { Say } from '../words/define-words.ts';
import type { Language } from '../words/language.ts';
import { roundMoney } from './round-figures.ts';
import type { cockpitWords } from './words.ts';

/** The portfolio in one sentence: since when, how many apps, earned with its interval, spent. Only true parts are said. */
export function portfolioSentence(
  answer: PortfolioAnswer,
  say: Say<(typeof cockpitWords)['en']>,
  language: Language,
): string {
  const { headline, rows, currency } = answer;
  const money = (micros: number) => roundMoney(micros, currency, language);
  const firstLooks = rows.flatMap(({ sparkline }) => sparkline.slice(0, 1).map(({ time }) => time));
  const spent = money(headline.spentMicros);
  if (headline.apps === 0) return say('sentenceNone');
  if (headline.earned === null) return say('sentenceUnknown', { count: headline.apps, spent });
  const { estimate, low, high } = headline.earned;
  const earned = money(Math.abs(estimate));
  const range =
    low === null || high === null
      ? low === null && high === null
        ? say('rangeOpen')
        : low === null
          ? say('rangeBelow', { high: money(high ?? 0) })
          : say('rangeAbove', { low: money(low) })
      : say('range', { low: money(low), high: money(high) });
  const values = { count: headline.apps, earned, range, spent };
  const since = firstLooks.length > 0 ? formatDay(Math.min(...firstLooks), language) : null;
  if (estimate < 0)
    return since === null ? say('sentenceLost', values) : say('sentenceLostSince', { ...values, since });
  return since === null ? say('sentenceEarned', values) : say('sentenceEarnedSince', { ...values, since });
}
