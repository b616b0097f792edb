import type { KnowledgeStore } from '@myriad/contracts';
import { foldText } from './fold-text.ts';
import { loadJieba } from './load-jieba.ts';
import { segmentWords } from './segment-words.ts';
import { isStopWord } from './stop-words.ts';

/** Characters that are looked at: the beginning of a document says what it is about. */
const looked = 40_000;
/** Words whose rarity is asked for. */
const weighed = 60;

/**
 * Words that tell a document from others, as they are written in it: frequent here (tf, dampened by the logarithm), rare in
 * the rest (idf = ln(N / n), Spärck Jones 1972). No model is asked.
 */
export async function pickKeywords(
  store: Pick<KnowledgeStore, 'text' | 'termStatistics'>,
  documentId: string,
  limit: number,
): Promise<readonly string[]> {
  const whole = await store.text(documentId);
  if (!whole) return [];
  const counted = countWords(whole.text.slice(0, looked));
  const common = [...counted.entries()]
    .filter(([, { times }]) => times > 1 || counted.size < weighed)
    .sort((left, right) => right[1].times - left[1].times || left[0].localeCompare(right[0]))
    .slice(0, weighed);
  if (common.length === 0) return [];
  const statistics = await store.termStatistics(common.map(([term]) => term));
  return common
    .map(([term, { times, written }], at) => {
      const rarity = Math.log((statistics.passages + 1) / ((statistics.containing[at] ?? 0) + 0.5));
      return { term, written, weight: (1 + Math.log(times)) * Math.max(rarity, 0.05) };
    })
    .sort((left, right) => right.weight - left.weight || left.term.localeCompare(right.term))
    .slice(0, limit)
    .map(({ written }) => written);
}

/** Words by the term under which they are indexed, with their most usual spelling. */
function countWords(text: string): Map<string, { times: number; written: string }> {
  const counts = new Map<string, { times: number; written: string }>();
  const add = (term: string, written: string) => {
    if (isStopWord(term)) return;
    const known = counts.get(term);
    if (!known) counts.set(term, { times: 1, written });
    else {
      known.times += 1;
      if (written.length < known.written.length) known.written = written;
    }
  };
  for (const word of text.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}][\p{L}\p{M}'’-]{2,30}/gu) ?? []) {
    const written = foldText(word).replace(/['’-]+$/u, '');
    const [term] = segmentWords(written);
    if (term !== undefined) add(term, written);
  }
  for (const run of text.match(/\p{Script=Han}{2,}/gu) ?? []) {
    for (const word of loadJieba().cut(run, true))
      if ([...word].length > 1 && !/^[零一二两三四五六七八九十百千万亿]+/.test(word)) add(word, word);
  }
  return counts;
}
