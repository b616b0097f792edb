import { useWords } from '../../words/define-words.ts';
import { quantumWords } from './words.ts';

const size = 120;
const radius = 46;
const centre = size / 2;

/** Where a point of the sphere is seen: x comes towards the reader and left, y goes right, z goes up. */
function seen(x: number, y: number, z: number): readonly [number, number] {
  return [centre + radius * (y - 0.42 * x), centre - radius * (z - 0.3 * x)];
}

/** The Bloch vector of one qubit; its numbers are its name for those who cannot see it. */
export function BlochSphere({
  qubit,
  vector: { x, y, z },
}: {
  readonly qubit: number;
  readonly vector: { readonly x: number; readonly y: number; readonly z: number };
}) {
  const say = useWords(quantumWords);
  const [tipX, tipY] = seen(x, y, z);
  const axis = (to: readonly [number, number]) => (
    <line x1={centre} y1={centre} x2={to[0]} y2={to[1]} stroke="var(--field)" strokeWidth="1" />
  );
  const name = say('blochOf', { qubit, x: x.toFixed(2), y: y.toFixed(2), z: z.toFixed(2) });
  return (
    <figure className="grid justify-items-center">
      <svg role="img" aria-label={name} width={size} height={size} viewBox={`0 0 ${size} ${size}`}>
        <title>{name}</title>
        <circle cx={centre} cy={centre} r={radius} fill="none" stroke="var(--field)" />
        <ellipse cx={centre} cy={centre} rx={radius} ry={radius * 0.3} fill="none" stroke="var(--line)" />
        {axis(seen(1, 0, 0))}
        {axis(seen(0, 1, 0))}
        {axis(seen(0, 0, 1))}
        <line x1={centre} y1={centre} x2={tipX} y2={tipY} stroke="var(--data)" strokeWidth="2.5" />
        <circle cx={tipX} cy={tipY} r="4" fill="var(--data)" />
        <g fill="var(--soft)" fontSize="10" textAnchor="middle">
          <text x={centre} y="10">
            |0⟩
          </text>
          <text x={centre} y={size - 3}>
            |1⟩
          </text>
        </g>
      </svg>
      <figcaption className="text-small text-soft">{say('qubit', { qubit })}</figcaption>
    </figure>
  );
}
