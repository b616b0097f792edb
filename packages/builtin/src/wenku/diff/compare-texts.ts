import type { DiffBlock, DiffPiece, WenkuComparison } from '@myriad/contracts';
import { diffLists } from './diff-lists.ts';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Words of a text with everything between them, so that they join to the text again; Chinese by the dictionary of ICU. */
export const cutWords = (text: string): readonly string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/** Words of two texts, piece by piece. */
export function diffWords(before: string, after: string): readonly DiffPiece[] {
  const old = cutWords(before);
  const fresh = cutWords(after);
  const pieces: { kind: DiffPiece['kind']; text: string }[] = [];
  for (const edit of diffLists(old, fresh)) {
    const text = (edit.kind === 'added' ? fresh[edit.at] : old[edit.at]) ?? '';
    const last = pieces.at(-1);
    if (last?.kind === edit.kind) last.text += text;
    else pieces.push({ kind: edit.kind, text });
  }
  return pieces;
}

/** Share of words that two paragraphs have in common, 0 to 1 (Dice's coefficient over their words with repeats). */
export function likeness(before: string, after: string): number {
  const count = (text: string) => {
    const words = new Map<string, number>();
    let total = 0;
    for (const word of cutWords(text))
      if (/[\p{L}\p{N}]/u.test(word)) {
        words.set(word, (words.get(word) ?? 0) + 1);
        total += 1;
      }
    return { words, total };
  };
  const left = count(before);
  const right = count(after);
  let common = 0;
  for (const [word, times] of left.words) common += Math.min(times, right.words.get(word) ?? 0);
  return left.total + right.total === 0 ? 1 : (2 * common) / (left.total + right.total);
}

const alike = 0.4;

/** Paragraphs of two texts against each other; a paragraph that was reworded is told word by word. */
export function compareTexts(
  before: { readonly title: string; readonly paragraphs: readonly string[] },
  after: { readonly title: string; readonly paragraphs: readonly string[] },
): WenkuComparison {
  const blocks: DiffBlock[] = [];
  let removed: number[] = [];
  let added: number[] = [];
  const flush = () => {
    blocks.push(...pairUp(removed, added, before.paragraphs, after.paragraphs));
    removed = [];
    added = [];
  };
  for (const edit of diffLists(before.paragraphs, after.paragraphs)) {
    if (edit.kind === 'removed') removed.push(edit.at);
    else if (edit.kind === 'added') added.push(edit.at);
    else {
      flush();
      const text = before.paragraphs[edit.at] ?? '';
      blocks.push({ kind: 'same', pieces: [{ kind: 'same', text }], before: edit.at, after: edit.to });
    }
  }
  flush();
  const count = (kind: DiffBlock['kind']) => blocks.filter((block) => block.kind === kind).length;
  return {
    before: before.title,
    after: after.title,
    blocks,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    same: count('same'),
  };
}

/** In a stretch that differs, old and new paragraphs that are alike are one changed paragraph, in order. */
function pairUp(
  removed: readonly number[],
  added: readonly number[],
  before: readonly string[],
  after: readonly string[],
): readonly DiffBlock[] {
  const blocks: DiffBlock[] = [];
  const add = (at: number) =>
    blocks.push({ kind: 'added', pieces: [{ kind: 'added', text: after[at] ?? '' }], before: null, after: at });
  const remove = (at: number) =>
    blocks.push({ kind: 'removed', pieces: [{ kind: 'removed', text: before[at] ?? '' }], before: at, after: null });
  let next = 0;
  for (const at of removed) {
    // Looks a little ahead only: in a long stretch of strangers nothing is to be found.
    const match = added.slice(next, next + 20).findIndex((to) => likeness(before[at] ?? '', after[to] ?? '') >= alike);
    if (match < 0) {
      remove(at);
      continue;
    }
    const to = added[next + match] as number;
    for (const skipped of added.slice(next, next + match)) add(skipped);
    next += match + 1;
    blocks.push({ kind: 'changed', pieces: diffWords(before[at] ?? '', after[to] ?? ''), before: at, after: to });
  }
  for (const at of added.slice(next)) add(at);
  return blocks;
}
