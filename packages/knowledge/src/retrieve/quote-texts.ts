import type { Passage } from '@myriad/contracts';
import type { LaidOut, Span } from '../parse/lay-out-text.ts';
import { headingLevel } from '../parse/parse-text.ts';
import { passageId } from '../split/passage-words.ts';
import { splitPassages } from '../split/split-passages.ts';
import { foldText } from '../words/fold-text.ts';
import { type Candidate, rankPassages } from './rank-passages.ts';
import { readPassage } from './read-passage.ts';
import { type QueryWord, readQuery } from './read-query.ts';
import { queryWeights } from './score-coverage.ts';

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Passages looked at word by word; the rest is told apart by plain search, so that a long text costs little. */
const mostRead = 100;
const mostQuoted = 20;

/**
 * Best passages of texts given with the question, stored nowhere. `start` and `end` are characters of the text as given;
 * `documentId` is `given:<index>`.
 */
export function quoteTexts(query: string, texts: readonly NamedText[]): Passage[] {
  const { words, expects } = readQuery(query);
  if (words.length === 0) return [];
  const needles = words.map(needlesOf);
  const containing = words.map(() => 0);
  let passages = 0;
  const candidates: Candidate[] = [];
  for (const [index, { name, text }] of texts.entries()) {
    const documentId = `given:${index}`;
    const context = foldText(name);
    for (const cut of splitPassages(spansOf(text))) {
      passages += 1;
      const own = text.slice(cut.start, cut.end);
      const folded = foldText([...cut.headings, own].join('\n'));
      let score = 0;
      for (const [at, forms] of needles.entries()) {
        if (forms.some((form) => folded.includes(form))) {
          containing[at]! += 1;
          score += 1;
        } else if (forms.some((form) => context.includes(form))) score += 0.25;
      }
      if (score === 0) continue;
      const id = passageId(documentId, `${cut.start}\u0000${own}`, 0);
      candidates.push({ ...cut, id, text: own, documentId, documentName: name, collectionId: 'given', score });
    }
  }
  const best = candidates.sort((a, b) => b.score - a.score).slice(0, mostRead);
  const weights = queryWeights(containing, passages);
  return rankPassages({ words, weights, expects }, best, readPassage, mostQuoted);
}

/** What to look for in plain folded text: the word, for English the stem without the letter that stemming changes. */
function needlesOf({ word, inner }: QueryWord): string[] {
  const stem = /^[a-z]{4,}$/.test(word) ? word.replace(/[ie]$/, '') : word;
  return [stem, ...inner];
}

/** Paragraphs of a text as it stands, without moving a character. */
function spansOf(text: string): LaidOut {
  const spans: Span[] = [];
  for (const match of text.matchAll(/[^\n]+(?:\n(?![ \t\u3000]*\n)[^\n]+)*/g)) {
    const lead = /^\s*/.exec(match[0])![0].length;
    const start = match.index + lead;
    const end = match.index + match[0].trimEnd().length;
    if (end <= start) continue;
    const written = text.slice(start, end);
    const marked = /^(#{1,6})\s+\S/.exec(written)?.[1]?.length;
    const level = written.includes('\n') ? 0 : (marked ?? headingLevel(written) ?? 0);
    spans.push({ kind: level > 0 ? 'heading' : 'paragraph', level, start, end, header: null });
  }
  return { text, pageStarts: [], spans };
}
