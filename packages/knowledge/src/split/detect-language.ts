import { isStopWord } from '../words/stop-words.ts';

/** Language of a text by its scripts and commonest words: `zh`, `ja`, `ko`, `en`, or null when none is clear. */
export function detectLanguage(text: string): string | null {
  const sample =
    text.length > 20_000 ? text.slice(0, 10_000) + text.slice(text.length >> 1, (text.length >> 1) + 10_000) : text;
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  const han = count(/\p{Script=Han}/gu);
  const kana = count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const hangul = count(/\p{Script=Hangul}/gu);
  const words = sample.toLowerCase().match(/\p{Script=Latin}+/gu) ?? [];
  // A Chinese character says about as much as half a word.
  const [best, most] = (
    [
      ['zh', kana > han * 0.2 ? 0 : han / 2],
      ['ja', kana > han * 0.2 ? (han + kana) / 2 : 0],
      ['ko', hangul / 2],
      ['latin', words.length],
    ] as const
  ).reduce((a, b) => (b[1] > a[1] ? b : a));
  if (most === 0) return null;
  if (best !== 'latin') return best;
  const common = words.filter((word) => isStopWord(word)).length;
  return common >= words.length * 0.15 ? 'en' : null;
}
