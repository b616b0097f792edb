import type { Bounds } from '@myriad/contracts';
import { useMemo } from 'react';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { roundMoney, roundNumber, roundPercent, roundWait } from './round-figures.ts';
import { cockpitWords } from './words.ts';

/** Figures as one says them, in the reader's language. */
export function useRound() {
  const language = useLanguage();
  const say = useWords(cockpitWords);
  return useMemo(() => {
    const boundsWith = (bounds: Bounds, figure: (value: number) => string) => {
      const end = (value: number | null) => (value === null ? say('open') : figure(value));
      return `${figure(bounds.estimate)} (${end(bounds.low)} … ${end(bounds.high)})`;
    };
    const number = (value: number) => roundNumber(value, language);
    const signed = (value: number) => roundNumber(value, language, true);
    const lift = (ratio: number) => roundPercent(ratio, language);
    const money = (micros: number, currency: string) => roundMoney(micros, currency, language);
    return {
      number,
      signed,
      lift,
      money,
      percent: (ratio: number) => roundPercent(ratio, language, false),
      effectBounds: (bounds: Bounds) => boundsWith(bounds, signed),
      liftBounds: (bounds: Bounds) => boundsWith(bounds, lift),
      moneyBounds: (bounds: Bounds, currency: string) => boundsWith(bounds, (value) => money(value, currency)),
      wait: (ms: number | null) => {
        const wait = roundWait(ms);
        return wait ? say(`wait_${wait.unit}`, { count: wait.count }) : say('waitUnknown');
      },
    };
  }, [language, say]);
}
