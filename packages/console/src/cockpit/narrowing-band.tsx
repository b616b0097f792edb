import type { Look } from '@myriad/contracts';
import { useFormat } from '../format/use-format.ts';
import { useWords } from '../words/define-words.ts';
import { type Direction, placeIn, spanOf } from './scale-interval.ts';
import { cockpitWords } from './words.ts';

const width = 640;
const height = 220;
const left = 56;
const right = 12;
const top = 12;
const bottom = 26;

/** The always-valid band of an experiment as it narrows over time, with zero always in sight. */
export function NarrowingBand({
  looks,
  direction,
  figure,
  label,
  truth = null,
}: {
  readonly looks: readonly Look[];
  readonly direction: Direction;
  readonly figure: (value: number) => string;
  readonly label: string;
  readonly truth?: number | null;
}) {
  const say = useWords(cockpitWords);
  const format = useFormat();
  const first = looks[0];
  const last = looks.at(-1);
  if (!first || !last) return null;
  const settled = looks.slice(Math.floor(looks.length / 4)).map(({ effect }) => effect);
  const whole = spanOf(truth === null ? settled : [...settled, { estimate: truth, low: null, high: null }]);
  const margin = (whole.to - whole.from) * 0.12;
  const span = { from: whole.from - margin, to: whole.to + margin };
  const y = (value: number) => height - bottom - placeIn(span, value, height - top - bottom);
  const time = { from: first.time, to: Math.max(last.time, first.time + 1) };
  const x = (at: number) => left + placeIn(time, at, width - left - right);
  const point = (look: Look, value: number) => `${x(look.time).toFixed(1)} ${y(value).toFixed(1)}`;
  const upper = looks.map((look) => point(look, look.effect.high ?? span.to));
  const lower = looks.map((look) => point(look, look.effect.low ?? span.from)).reverse();
  const middle = looks.map((look) => point(look, look.effect.estimate));
  const ticks = [...new Set([whole.from, 0, whole.to])];
  return (
    <figure>
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="block w-full max-w-[820px]">
        <path d={`M${[...upper, ...lower].join('L')}Z`} fill="var(--data-soft)" />
        <path d={`M${middle.join('L')}`} fill="none" stroke="var(--data)" strokeWidth={1.8} />
        <line x1={left} x2={width - right} y1={y(0)} y2={y(0)} stroke="var(--soft)" strokeDasharray="2 3" />
        {truth !== null && (
          <line x1={left} x2={width - right} y1={y(truth)} y2={y(truth)} stroke="var(--ink)" strokeDasharray="7 4" />
        )}
        <g fontSize={11} fill="var(--soft)">
          {ticks.map((value) => (
            <text key={value} x={left - 6} y={y(value) + 4} textAnchor="end">
              {figure(value)}
            </text>
          ))}
          <text x={width - right} y={y(0) - 4} textAnchor="end">
            {say('noEffect')}
          </text>
          {truth !== null && (
            <text x={left + 6} y={y(truth) - 4}>
              {say('truth', { value: figure(truth) })}
            </text>
          )}
          <text x={left} y={height - 8}>
            {format.day(first.time)}
          </text>
          <text x={width - right} y={height - 8} textAnchor="end">
            {format.day(last.time)}
          </text>
          <text x={(left + width - right) / 2} y={height - 8} textAnchor="middle">
            {say(direction === 'decrease' ? 'betterDown' : 'betterUp')}
          </text>
        </g>
      </svg>
    </figure>
  );
}
