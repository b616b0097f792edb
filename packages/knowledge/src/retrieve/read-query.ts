import { segmentWords } from '../words/segment-words.ts';
import { isStopWord } from '../words/stop-words.ts';

/** One thing a question asks for: a word, and the words inside it when it is compound (`信用` in `信用卡`). */
export interface QueryWord {
  readonly word: string;
  readonly inner: readonly string[];
}

/** Kind of answer that the question's form asks for, which a sentence can be seen to have. */
export type Expectation = 'quantity' | 'reason';

export interface ReadQuery {
  /** All words to search by, each once. */
  readonly terms: readonly string[];
  /** What is weighed: words that stand inside another count as part of it, not beside it. */
  readonly words: readonly QueryWord[];
  readonly expects: Expectation | null;
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
  return {
    terms,
    words: terms.filter((word) => !inside.has(word)).map((word) => ({ word, inner: innerOf(word) })),
    expects: expectationOf(query),
  };
}

const quantityQuestion =
  /\bhow (many|much|long|often|old|far|fast|quickly|soon|large|big|high|loud|tall|heavy|wide|deep)\b|\bwhen\b|\b(what|which) (time|date|day|year|price|percentage|number|size|amount|temperature|limit)\b|多少|几|多久|多长|多大|多高|多远|多快|多重|何时|什么时[候间]|哪年|哪天|期限|金额|价格/i;
const reasonQuestion = /\bwhy\b|\bfor what reason\b|为什么|为何|原因/i;

function expectationOf(query: string): Expectation | null {
  if (reasonQuestion.test(query)) return 'reason';
  return quantityQuestion.test(query) ? 'quantity' : null;
}

const given: Readonly<Record<Expectation, RegExp>> = {
  quantity:
    /\d|[一二三四五六七八九十百千万亿两半〇]|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million|half|once|twice|third|free|daily|weekly|monthly|yearly|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december)\b/,
  reason:
    /\b(because|since|due|owing|reason|caused?|so that|to (avoid|protect|prevent)|therefore)\b|因为|由于|原因|所以|为了|因此|导致/,
};

/** Whether a folded text has what the form of the question asks for. */
export function givesWhatIsExpected(expects: Expectation, folded: string): boolean {
  return given[expects].test(folded);
}

const isCompound = (word: string): boolean => /^\p{Script=Han}{3,}$/u.test(word) || /[\d._\-/:@]/.test(word);
