/** A stretch of the text around a passage: plain, of the passage, or of the quote inside it. */
export interface MarkedStretch {
  readonly text: string;
  readonly kind: 'around' | 'passage' | 'quote';
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the context of a passage where the passage and the quote begin and end. All positions are characters of the whole
 * document; the context begins at `contextStart`. Ranges that reach out of the context are cut to it.
 */
export function markPassage(
  context: string,
  contextStart: number,
  passage: Range,
  quote: Range | null,
): readonly MarkedStretch[] {
  const clamp = (position: number) => Math.min(context.length, Math.max(0, position - contextStart));
  const inside = (at: number, range: Range | null) =>
    range !== null && at >= clamp(range.start) && at < clamp(range.end);
  const cuts = [0, passage.start, passage.end, quote?.start ?? contextStart, quote?.end ?? contextStart]
    .map((position, index) => (index === 0 ? 0 : clamp(position)))
    .concat(context.length);
  const sorted = [...new Set(cuts)].sort((left, right) => left - right);
  return sorted.slice(0, -1).map((start, index) => ({
    text: context.slice(start, sorted[index + 1]),
    kind: inside(start, quote) ? 'quote' : inside(start, passage) ? 'passage' : 'around',
  }));
}
