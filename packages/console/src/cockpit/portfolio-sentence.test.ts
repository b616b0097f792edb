import type { Bounds, PortfolioAnswer, PortfolioRow } from '@myriad/contracts';
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { say } from '../words/define-words.ts';
import { initWords, type Language } from '../words/language.ts';
import { portfolioSentence } from './portfolio-sentence.ts';
import { cockpitWords } from './words.ts';

initWords('en');

const answer = (
  earned: Bounds | null,
  apps = 41,
  since: number | null = Date.UTC(2026, 8, 1, 12),
): PortfolioAnswer => ({
  time: 0,
  currency: 'CNY',
  headline: {
    apps,
    earned,
    spentMicros: 212_000e6,
    byVerdict: { Grow: 0, Keep: 0, Review: 0, Retire: 0, 'Too early': 0 },
    sentence: { en: '', zh: '' },
  },
  rows:
    since === null
      ? []
      : [
          {
            sparkline: [{ time: since, units: 1, effect: { estimate: 0, low: null, high: null } }],
          } as unknown as PortfolioRow,
        ],
  needsYou: [],
  sample: false,
  log: { exposures: 0, events: 0, lagMs: null },
});

async function speak(given: PortfolioAnswer, language: Language): Promise<string> {
  await i18next.changeLanguage(language);
  return portfolioSentence(given, say(cockpitWords), language);
}

const known = { estimate: 1_840_000e6, low: 1_210_000e6, high: 2_460_000e6 };

test('the sentence says since when, how many, earned with its interval, and the cost, in either language', async () => {
  expect(await speak(answer(known), 'en')).toMatch(
    /^Since 1 Sept?, 41 apps earned ¥1\.84 million \(between ¥1\.21 million and ¥2\.46 million\) and cost ¥212,000\.$/,
  );
  expect(await speak(answer(known), 'zh')).toBe(
    '自9月1日以来，41 个应用共带来 ¥184万（介于 ¥121万 与 ¥246万 之间），花费 ¥21.2万。',
  );
});

test('a sum below zero is called a loss, not negative earnings', async () => {
  const text = await speak(answer({ estimate: -5_000e6, low: -9_000e6, high: 1_000e6 }, 1, null), 'en');
  expect(text).toBe('One app lost ¥5,000 (between −¥9,000 and ¥1,000) and cost ¥212,000.');
});

test('what is not known is said to be not known, and an open end is not a number', async () => {
  expect(await speak(answer(null, 2), 'en')).toBe('What 2 apps earned is not yet known; they cost ¥212,000.');
  expect(await speak(answer({ ...known, high: null }, 2, null), 'en')).toContain('(at least ¥1.21 million)');
  expect(await speak(answer({ ...known, low: null, high: null }, 2, null), 'en')).toContain('(no bounds yet)');
  expect(await speak(answer(null, 0), 'zh')).toBe('还没有应用在做实验。');
});
