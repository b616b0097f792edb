import type { QuantumMeasured } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { useWords } from '../../words/define-words.ts';
import { quantumWords } from './words.ts';

const most = 32;

/** Outcomes as bars from zero, in the order of their bits when few; each says its key, count and share. */
export function Histogram({ result }: { readonly result: QuantumMeasured }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const shown = result.counts.slice(0, most);
  if (result.outcomes <= most) shown.sort((left, right) => (left.key < right.key ? -1 : 1));
  const longest = Math.max(...shown.map(({ count }) => count));
  return (
    <figure className="grid gap-1.5">
      <ul aria-label={say('outcomes')} className="grid gap-1">
        {shown.map(({ key, count }) => {
          const share = format.percent(count / result.shots);
          return (
            <li key={key} title={say('barOf', { key, count, share })} className="flex items-center gap-2">
              <span className="max-w-[45%] shrink-0 overflow-hidden font-mono text-small text-ellipsis">{key}</span>
              <span className="h-4 min-w-0 flex-1">
                <span
                  aria-hidden="true"
                  className="block h-full min-w-px rounded-r-[2px] bg-data"
                  style={{ width: `${(count / longest) * 100}%` }}
                />
              </span>
              <span className="w-24 shrink-0 text-right text-small whitespace-nowrap text-soft tabular-nums">
                {format.number(count)} · {share}
              </span>
            </li>
          );
        })}
      </ul>
      {result.outcomes > shown.length && (
        <figcaption className="text-small text-soft">
          {say('moreOutcomes', { shown: shown.length, count: format.number(result.outcomes) })}
        </figcaption>
      )}
    </figure>
  );
}
