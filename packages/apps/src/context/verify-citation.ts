import type { Citation, Passage } from '@myriad/contracts';

/** Share of a claim's words that its source must hold. */
const leastShared = 0.5;

const stopWords = new Set(
  'a an and are as at be been but by can do does for from had has have he her his if in into is it its may more not of on or our she so than that the their them then there these they this to was we were what when which who will with would you your'.split(
    ' ',
  ),
);
const hanStop = /[的了和是在也就都而及与或这那其之于为以对把被让吗呢吧]/gu;

/** Words of a text for comparison: folded Latin words with their ending cut, numbers, and pairs of Chinese characters. */
export function comparableTerms(text: string): ReadonlySet<string> {
  const terms = new Set<string>();
  const folded = text.normalize('NFKC').toLowerCase();
  for (const [word] of folded.matchAll(/\d+(?:[.,]\d+)*|\p{Script=Han}+|[\p{L}\p{M}]+/gu)) {
    if (/^\d/.test(word)) terms.add(word.replace(/,(?=\d{3})/g, ''));
    else if (/\p{Script=Han}/u.test(word)) {
      for (const run of word.split(hanStop)) {
        if (run.length === 1) terms.add(run);
        for (let at = 0; at + 1 < run.length; at += 1) terms.add(run.slice(at, at + 2));
      }
    } else if (!stopWords.has(word) && word.length > 1) terms.add(word.replace(/(?:ing|ed|es|s)$/, ''));
  }
  return terms;
}

const sharedRatio = (claim: ReadonlySet<string>, source: ReadonlySet<string>) =>
  claim.size === 0 ? 0 : [...claim].filter((term) => source.has(term)).length / claim.size;

/**
 * Ties a claim to the sentence of its source, when the source really says it: every number of the claim stands in the
 * passage, and so does at least half of its words.
 *
 * @returns null when the source does not contain the claim; then no citation is shown.
 */
export function verifyCitation(claim: string, number: number, passage: Passage): Citation | null {
  const wanted = comparableTerms(claim);
  const held = comparableTerms(passage.text);
  if (sharedRatio(wanted, held) < leastShared) return null;
  for (const term of wanted) if (/^\d/.test(term) && !held.has(term)) return null;
  const spans = passage.sentences.length > 0 ? passage.sentences : [{ start: 0, end: passage.text.length }];
  let best = spans[0] as { start: number; end: number };
  let most = -1;
  for (const span of spans) {
    const shared = sharedRatio(wanted, comparableTerms(passage.text.slice(span.start, span.end)));
    if (shared > most) {
      most = shared;
      best = span;
    }
  }
  return {
    number,
    passageId: passage.id,
    documentId: passage.documentId,
    documentName: passage.documentName,
    quote: passage.text.slice(best.start, best.end),
    start: passage.start + best.start,
    end: passage.start + best.end,
    ...(passage.page === null ? {} : { page: passage.page }),
    score: most,
  };
}
