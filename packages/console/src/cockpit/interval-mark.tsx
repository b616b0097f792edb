import type { Bounds } from '@myriad/contracts';
import { useWords } from '../words/define-words.ts';
import { type Direction, oriented, placeIn, type Span, scaleInterval, surenessOf } from './scale-interval.ts';
import { cockpitWords } from './words.ts';

const width = 190;
const height = 22;
const inset = 6;
const inks = { better: 'var(--good)', worse: 'var(--bad)', open: 'var(--data)', unsure: 'var(--soft)' };

/**
 * A dot with its always-valid line against zero, turned so that better is right. A line that goes on beyond the picture
 * ends in an arrow; the truth of sample data is a hollow diamond.
 *
 * @param span In the oriented unit, shared by the rows of a table.
 */
export function IntervalMark({
  bounds,
  direction,
  span,
  figure,
  quiet = false,
  truth = null,
}: {
  readonly bounds: Bounds;
  readonly direction: Direction;
  readonly span: Span;
  readonly figure: (value: number) => string;
  /** No verdict yet: drawn without colour. */
  readonly quiet?: boolean;
  readonly truth?: number | null;
}) {
  const say = useWords(cockpitWords);
  const mark = scaleInterval(oriented(bounds, direction), span, width - 2 * inset);
  const ink = inks[quiet ? 'unsure' : surenessOf(bounds, direction)];
  const end = (value: number | null) => (value === null ? say('open') : figure(value));
  const truthAt = truth === null ? null : placeIn(span, direction === 'decrease' ? -truth : truth, width - 2 * inset);
  const middle = height / 2;
  return (
    <svg
      role="img"
      aria-label={say('intervalLabel', {
        effect: figure(bounds.estimate),
        low: end(bounds.low),
        high: end(bounds.high),
      })}
      width={width}
      height={height}
      viewBox={`${-inset} 0 ${width} ${height}`}
      className="block max-w-full"
    >
      <line x1={mark.zero} x2={mark.zero} y1={0} y2={height} stroke="var(--faint)" strokeDasharray="2 3" />
      <line x1={mark.start} x2={mark.end} y1={middle} y2={middle} stroke={ink} strokeWidth={2} />
      {mark.openStart && (
        <path d={`M${mark.start + 5} ${middle - 4}l-5 4 5 4`} fill="none" stroke={ink} strokeWidth={1.6} />
      )}
      {mark.openEnd && <path d={`M${mark.end - 5} ${middle - 4}l5 4-5 4`} fill="none" stroke={ink} strokeWidth={1.6} />}
      <circle cx={mark.dot} cy={middle} r={4} fill={ink} />
      {truthAt !== null && (
        <path d={`M${truthAt} ${middle - 6}l5 6-5 6-5-6z`} fill="none" stroke="var(--ink)" strokeWidth={1.4} />
      )}
    </svg>
  );
}
