import { segmentWords } from '../words/segment-words.ts';
import { isStopWord } from '../words/stop-words.ts';

/** One thing a question asks for: a word, and the words inside it when it is compound (`信用` in `信用卡`). */
export interface QueryWord {
  readonly word: string;
  readonly inner: readonly string[];
}

export interface ReadQuery {
  /** All words to search by, each once. */
  readonly terms: readonly string[];
  /** What is weighed: words that stand inside another count as part of it, not beside it. */
  readonly words: readonly QueryWord[];
}

/** Words of one question that are looked for at most; a pasted page is searched by its first ones. */
const mostTerms = 64;

/** Words of a question that name something; question words and the like are left out unless there is nothing else. */
export function readQuery(query: string): ReadQuery {
  const all = segmentWords(query.slice(0, 8_000));
  const telling = [...new Set(all.filter((word) => !isStopWord(word)))];
  const terms = (telling.length > 0 ? telling : [...new Set(all)]).slice(0, mostTerms);
  const innerOf = (word: string) =>
    isCompound(word) ? terms.filter((other) => other !== word && word.includes(other)) : [];
  const inside = new Set(terms.flatMap(innerOf));
  return { terms, words: terms.filter((word) => !inside.has(word)).map((word) => ({ word, inner: innerOf(word) })) };
}

const isCompound = (word: string): boolean => /^\p{Script=Han}{3,}$/u.test(word) || /[\d._\-/:@]/.test(word);
