import type { AppEvent, Passage } from '@myriad/contracts';
import { verifyCitation } from './verify-citation.ts';

export type CitedEvent = Extract<AppEvent, { type: 'text' | 'citation' | 'unsupported' }>;

export interface CitationFinder {
  /** Takes the next stretch of the answer and returns what of it is certain: text to show, citations, lost marks. */
  push(text: string): readonly CitedEvent[];
  /** What only the end of the answer settles. */
  end(): readonly CitedEvent[];
}

/** `[1]`, `[1, 2]`, `[1][2]`, `【1】`. */
const mark = /[[【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]/g;
/** A mark that may go on in the next stretch. */
const openMark = / ?[[【][\d\s,，、]{0,40}$/;
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
 * Passes an answer on and ties each of its marks to its source. A mark whose source does not contain the claim is taken
 * out of the text and told as `unsupported`; a number that names no source is left as it was written, and so is code. A
 * mark may be split over stretches of the stream.
 */
export function findCitations(passages: readonly Passage[]): CitationFinder {
  const shown = new Set<string>();
  /** What was written, for the claims; `waiting` is its end that was not shown yet. */
  let written = '';
  let waiting = '';
  let inFence = false;

  /** Numbers of a mark that hold, after telling of each what became of it. */
  function settle(digits: string, claim: string, leads: boolean, events: CitedEvent[]): readonly number[] {
    return digits
      .split(/\D+/)
      .map(Number)
      .filter((number) => {
        const passage = passages[number - 1];
        // A mark with nothing before it in its line may stand in a list of sources: it is never taken away.
        if (!passage || claim === '') return true;
        const citation = verifyCitation(claim, number, passage);
        if (!citation) {
          if (leads) return true;
          events.push({ type: 'unsupported', number, claim: claim.slice(0, 500) });
          return false;
        }
        const name = `${number}:${citation.start}:${citation.end}`;
        if (!shown.has(name)) events.push({ type: 'citation', citation });
        shown.add(name);
        return true;
      });
  }

  function take(stretch: string): CitedEvent[] {
    const events: CitedEvent[] = [];
    const told: CitedEvent[] = [];
    let text = '';
    let from = 0;
    for (const match of stretch.matchAll(mark)) {
      const before = written + stretch.slice(0, match.index);
      text += stretch.slice(from, match.index);
      from = match.index + match[0].length;
      if (isCode(before, inFence)) {
        text += match[0];
        continue;
      }
      const digits = match[1] as string;
      const held = settle(digits, claimBefore(before), /(^|\n)\s*$/.test(before), told);
      if (held.length === digits.split(/\D+/).length) text += match[0];
      else if (held.length > 0) text += `[${held.join(', ')}]`;
      else text = text.replace(/ $/, '');
    }
    text += stretch.slice(from);
    if (text !== '') events.push({ type: 'text', text });
    events.push(...told);
    written += stretch;
    if (written.length > keptCharacters * 2) {
      const cut = written.length - keptCharacters;
      inFence = fenced(written.slice(0, cut), inFence);
      written = written.slice(cut);
    }
    return events;
  }

  return {
    push(stretch) {
      if (passages.length === 0) return [{ type: 'text', text: stretch }];
      const all = waiting + stretch;
      const open = openMark.exec(all);
      const until = open ? open.index : all.endsWith(' ') ? all.length - 1 : all.length;
      waiting = all.slice(until);
      return until === 0 ? [] : take(all.slice(0, until));
    },
    end() {
      const rest = waiting;
      waiting = '';
      return rest === '' ? [] : take(rest);
    },
  };
}

const fenced = (text: string, before: boolean): boolean =>
  ((text.match(/^\s*(```|~~~)/gmu)?.length ?? 0) % 2 === 1) !== before;

/** Inside a fenced block, or after an opening backtick of this line. */
function isCode(before: string, inFence: boolean): boolean {
  if (fenced(before, inFence)) return true;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (line.match(/`/g)?.length ?? 0) % 2 === 1;
}
