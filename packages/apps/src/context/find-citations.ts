import type { Citation, Passage } from '@myriad/contracts';
import { verifyCitation } from './verify-citation.ts';

export interface CitationFinder {
  /** Takes the next stretch of the answer and returns the citations that became certain with it. */
  push(text: string): readonly Citation[];
  /** Citations that only the end of the answer settles. */
  end(): readonly Citation[];
}

/** `[1]`, `[1, 2]`, `[1][2]`, `【1】`. */
const mark = /[[【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]/g;
const keptCharacters = 2_000;

/** The claim that a mark at the end of this text stands for: the sentence before it, less other marks. */
export function claimBefore(text: string): string {
  const bare = text.replace(mark, ' ').trimEnd();
  const closed = bare.replace(/[.!?。！？；;:：,，、\s"'”’)）*_]+$/u, '');
  const from = Math.max(
    ...[...closed.matchAll(/[.!?](?=\s)|[。！？；\n]/gu)].map((match) => match.index + match[0].length),
    0,
  );
  return closed.slice(from).trim();
}

/**
 * Finds the marks of a streamed answer and ties each to its source. A mark may be split over stretches of the stream. A
 * mark whose source does not contain the claim gives no citation; the text stays as the model wrote it.
 */
export function findCitations(passages: readonly Passage[]): CitationFinder {
  const shown = new Set<string>();
  let text = '';
  let searched = 0;

  function search(): Citation[] {
    const found: Citation[] = [];
    const from = searched;
    for (const match of text.slice(from).matchAll(mark)) {
      const claim = claimBefore(text.slice(0, from + match.index));
      for (const digits of (match[1] as string).split(/\D+/)) {
        const number = Number(digits);
        const passage = passages[number - 1];
        const citation = passage && verifyCitation(claim, number, passage);
        const name = citation ? `${number}:${citation.start}:${citation.end}` : '';
        if (!citation || shown.has(name)) continue;
        shown.add(name);
        found.push(citation);
      }
      searched = from + match.index + match[0].length;
    }
    if (text.length > keptCharacters * 2 && searched > keptCharacters) {
      const cut = Math.min(searched, text.length) - keptCharacters;
      text = text.slice(cut);
      searched -= cut;
    }
    return found;
  }

  return {
    push(stretch) {
      text += stretch;
      return /[\]】]/.test(stretch) ? search() : [];
    },
    end: search,
  };
}
