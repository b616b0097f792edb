import { useWords } from '../../words/define-words.ts';
import { significant } from './complex.ts';
import { quantumWords } from './words.ts';

const width = 380;
const height = 190;
const left = 78;
const right = 16;
const top = 14;
const bottom = 30;

/** The mean after each angle that was set: it only falls. */
export function EnergyCurve({ curve }: { readonly curve: readonly number[] }) {
  const say = useWords(quantumWords);
  const first = curve[0] ?? 0;
  const last = curve.at(-1) ?? 0;
  const steps = Math.max(1, curve.length - 1);
  const span = first - last || 1;
  const x = (step: number) => left + (step / steps) * (width - left - right);
  const y = (value: number) => top + ((first - value) / span) * (height - top - bottom);
  const label = say('curveIs', { from: significant(first), to: significant(last), steps });
  return (
    <figure>
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="block w-full max-w-[560px]">
        <title>{label}</title>
        <line x1={left} x2={width - right} y1={y(last)} y2={y(last)} stroke="var(--soft)" strokeDasharray="2 3" />
        <line x1={left} x2={left} y1={top} y2={height - bottom} stroke="var(--line)" />
        <path
          d={`M${curve.map((value, step) => `${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join('L')}`}
          fill="none"
          stroke="var(--data)"
          strokeWidth={1.8}
        />
        {curve.map((value, step) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the step
          <circle key={step} cx={x(step)} cy={y(value)} r={curve.length > 60 ? 1.5 : 3} fill="var(--data)" />
        ))}
        <g fontSize={12} fill="var(--soft)">
          <text x={left - 8} y={y(first) + 4} textAnchor="end">
            {significant(first)}
          </text>
          {first !== last && (
            <text x={left - 8} y={y(last) + 4} textAnchor="end">
              {significant(last)}
            </text>
          )}
          <text x={left} y={height - 8}>
            0
          </text>
          <text x={width - right} y={height - 8} textAnchor="end">
            {steps}
          </text>
        </g>
      </svg>
      <figcaption className="text-small text-soft">{say('curveNote')}</figcaption>
    </figure>
  );
}
