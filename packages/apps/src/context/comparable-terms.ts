const stopWords = new Set(
  'a an and are as at be been but by can do does for from had has have he her his if in into is it its may more not of on or our she so than that the their them then there these they this to was we were what when which who will with would you your'.split(
    ' ',
  ),
);
const hanStop = /[的了和是在也就都而及与或这那其之于为以对把被让吗呢吧]/gu;
const token = /\d+(?:[.,]\d+)*|\p{Script=Han}+|[\p{L}\p{M}]+/gu;

const plainNumber = (written: string) => written.replace(/,(?=\d{3})/g, '');
const plainWord = (word: string) => word.replace(/(?:ing|ed|es|s)$/, '');

/** Words of a text for comparison: folded Latin words with their ending cut, numbers, and pairs of Chinese characters. */
export function comparableTerms(text: string): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(token)) {
    if (/^\d/.test(word)) terms.add(plainNumber(word));
    else if (/\p{Script=Han}/u.test(word)) {
      for (const run of word.split(hanStop)) {
        if (run.length === 1) terms.add(run);
        for (let at = 0; at + 1 < run.length; at += 1) terms.add(run.slice(at, at + 2));
      }
    } else if (!stopWords.has(word) && word.length > 1) terms.add(plainWord(word));
  }
  return terms;
}

/** Numbers of a text as `comparableTerms` gives them. */
export function numbersOf(text: string): readonly string[] {
  return [...text.normalize('NFKC').matchAll(/\d+(?:[.,]\d+)*/g)].map(([written]) => plainNumber(written));
}

/** Latin names as `comparableTerms` gives them: capitalised words that begin no sentence, and words in capitals. */
export function namesOf(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.normalize('NFKC').matchAll(/\p{Lu}[\p{L}\p{M}]+/gu)) {
    const before = text.normalize('NFKC').slice(0, match.index).trimEnd();
    const begins = before === '' || /[.!?。！？；:：\n"“'‘(（*-]$/u.test(before);
    const word = match[0].toLowerCase();
    const isCode = match[0] === match[0].toUpperCase();
    if ((begins && !isCode) || stopWords.has(word)) continue;
    found.push(plainWord(word));
  }
  return found;
}

/** Whether a sentence denies something. */
export function saysNo(sentence: string): boolean {
  return /\b(not|no|never|none|neither|nor|cannot|without)\b|n['’]t\b|[不没未勿非]|禁止|无[法需权效]/iu.test(sentence);
}
