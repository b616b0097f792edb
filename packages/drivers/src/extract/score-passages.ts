import type { Passage } from '@myriad/contracts';

/**
 * Scores whole texts against a question the way retrieval describes its `coverage`: the share of the question's weight
 * (inverse document frequency over sentences) whose words occur. Chinese is taken by pairs of characters. A stand-in for
 * retrieval in tests and in `bench/`; the knowledge room's own scores are finer.
 */
export function scorePassages(question: string, texts: readonly string[]): readonly Passage[] {
  const cut = texts.map((text) =>
    [...text.matchAll(/[^.!?。！？]+[.!?。！？]?/g)].map((match) => [match.index, match[0]] as const),
  );
  const sentences = cut.flat().map(([, sentence]) => wordsOf(sentence));
  const weight = (word: string) => {
    const found = sentences.filter((words) => words.has(word)).length;
    return Math.log(1 + sentences.length / (found + 0.5));
  };
  const asked = [...wordsOf(question)].map((word) => [word, weight(word)] as const);
  const total = asked.reduce((sum, [, share]) => sum + share, 0) || 1;
  const coverage = (words: ReadonlySet<string>) =>
    asked.reduce((sum, [word, share]) => sum + (words.has(word) ? share : 0), 0) / total;
  return texts
    .map((text, index): Passage => {
      const whole = coverage(wordsOf(text));
      return {
        id: `psg_${index}`,
        documentId: `doc_${index}`,
        documentName: `document ${index}`,
        collectionId: 'col',
        text,
        start: 0,
        end: text.length,
        page: null,
        headings: [],
        score: whole,
        coverage: whole,
        sentences: (cut[index] ?? []).map(([start, sentence]) => ({
          start,
          end: start + sentence.length,
          coverage: coverage(wordsOf(sentence)),
        })),
      };
    })
    .sort((left, right) => right.score - left.score);
}

const empty = new Set(
  'a an and are as at be by can did do does for from has have how i in into is it its long many much must my of on or that the their this to was what when where which who will with your fast until 什么 多少 多久 怎么 如何 可以 哪里 是谁 时候 哪个 需要 有什 么时 少钱 要多'.split(
    ' ',
  ),
);

function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [run] of text.toLowerCase().matchAll(/\p{Script=Han}+|[a-z0-9]+/gu)) {
    if (/^[a-z0-9]/.test(run)) {
      if (!empty.has(run)) words.add(run.length > 4 ? run.replace(/(?:ing|ed|es|s)$/, '') : run);
    } else
      for (let at = 0; at + 2 <= run.length; at += 1)
        if (!empty.has(run.slice(at, at + 2))) words.add(run.slice(at, at + 2));
  }
  return words;
}
