import { nameWithoutEnding } from '../split/passage-words.ts';
import { foldText } from '../words/fold-text.ts';
import { segmentWords } from '../words/segment-words.ts';
import { type Stretch, splitSentences } from '../words/split-sentences.ts';
import type { WordSet } from './score-coverage.ts';

/** A passage with its words, as scoring needs it. */
export interface ReadPassage {
  readonly whole: WordSet;
  readonly context: WordSet;
  /** What can be quoted: headings and the header rows of tables are context, not sentences. */
  readonly sentences: readonly ReadSentence[];
  /** Words in order, for nearness. */
  readonly sequence: readonly string[];
}

export interface ReadSentence extends Stretch, WordSet {
  /** What stands above it: headings, the document's name, for a table's row its header. */
  readonly context: WordSet;
}

export interface PassageText {
  readonly id: string;
  readonly text: string;
  readonly headings: readonly string[];
  readonly documentName: string;
}

/** Sentences and words of a passage. */
export function readPassage({ text, headings, documentName }: PassageText): ReadPassage {
  const sequence: string[] = [];
  const sentences: ReadSentence[] = [];
  const above = new Set(headings);
  const contextText = [...headings, nameWithoutEnding(documentName)].join('\n');
  const context = wordSet(contextText);
  let tableContext: WordSet | null = null;
  const stretches = splitSentences(text);
  for (const [index, { start, end }] of stretches.entries()) {
    const own = text.slice(start, end);
    const words = segmentWords(own);
    for (const word of words) sequence.push(word);
    if (above.has(own)) continue;
    if (!isRow(own)) tableContext = null;
    else if (tableContext === null) {
      tableContext = wordSet(`${contextText}\n${own}`);
      const next = stretches[index + 1];
      if (next && isRow(text.slice(next.start, next.end)) && !/\d/.test(own)) continue;
    }
    sentences.push({ start, end, words: new Set(words), folded: foldText(own), context: tableContext ?? context });
  }
  return { whole: { words: new Set(sequence), folded: foldText(text) }, context, sentences, sequence };
}

const isRow = (line: string): boolean => line.includes(' | ');

export function wordSet(text: string): WordSet {
  return { words: new Set(segmentWords(text)), folded: foldText(text) };
}

/** The same, remembering the passages read last: the same ones come up again and again. */
export function createPassageReader(most = 2_000): (passage: PassageText) => ReadPassage {
  const known = new Map<string, ReadPassage>();
  return (passage) => {
    const found = known.get(passage.id) ?? readPassage(passage);
    // Set again, so that the one used longest ago stands first.
    known.delete(passage.id);
    known.set(passage.id, found);
    if (known.size > most) known.delete(known.keys().next().value!);
    return found;
  };
}
