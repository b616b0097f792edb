import type { Citation, Passage } from '@myriad/contracts';
import { comparableTerms, namesOf, numbersOf, saysNo } from './comparable-terms.ts';

/** Share of a claim's words that its source must hold. */
const leastShared = 0.5;
/** Share of words in common from which two sentences speak of the same thing, so that a "not" in one of them counts. */
const sameMatter = 0.7;

const sharedRatio = (claim: ReadonlySet<string>, source: ReadonlySet<string>) =>
  claim.size === 0 ? 0 : [...claim].filter((term) => source.has(term)).length / claim.size;

const han = /\p{Script=Han}/u;

/**
 * Ties a claim to the sentence of its source, when the source really says it:
 *
 * - every number of the claim stands in the sentence that fits best or in one beside it;
 * - every name (a capitalised word that does not begin the claim, a code) stands in the passage, its headings or title;
 * - at least half of its words stand in the passage, its headings or title; and
 * - claim and sentence do not differ by a "not" while saying the same otherwise.
 *
 * A claim in another script than its source can be compared by numbers and names only, so it needs at least one.
 *
 * @returns null when the source does not contain the claim; then no citation is shown.
 */
export function verifyCitation(claim: string, number: number, passage: Passage): Citation | null {
  const wanted = comparableTerms(claim);
  const whole = [passage.text, ...passage.headings, passage.documentName].join('\n');
  const held = comparableTerms(whole);
  const numbers = numbersOf(claim);
  const names = namesOf(claim);
  const across = han.test(claim) !== han.test(passage.text);
  if (across ? numbers.length + names.length === 0 : sharedRatio(wanted, held) < leastShared) return null;
  if (!names.every((name) => held.has(name))) return null;
  const spans = passage.sentences.length > 0 ? passage.sentences : [{ start: 0, end: passage.text.length }];
  const sentences = spans.map(({ start, end }) => passage.text.slice(start, end));
  const terms = sentences.map(comparableTerms);
  const key = across ? new Set([...numbers, ...names]) : wanted;
  const shares = terms.map((own) => sharedRatio(key, own));
  const at = shares.indexOf(Math.max(...shares));
  const around = new Set([
    ...comparableTerms([...passage.headings, passage.documentName].join('\n')),
    ...(terms[at - 1] ?? []),
    ...(terms[at] ?? []),
    ...(terms[at + 1] ?? []),
  ]);
  if (!numbers.every((value) => around.has(value))) return null;
  const share = shares[at] ?? 0;
  const best = spans[at] as { readonly start: number; readonly end: number };
  if (!across && share >= sameMatter && saysNo(claim) !== saysNo(sentences[at] ?? '')) return null;
  return {
    number,
    passageId: passage.id,
    documentId: passage.documentId,
    documentName: passage.documentName,
    quote: passage.text.slice(best.start, best.end),
    start: passage.start + best.start,
    end: passage.start + best.end,
    ...(passage.page === null ? {} : { page: passage.page }),
    score: share,
  };
}
