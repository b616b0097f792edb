import { useFormat } from '../../format/use-format.ts';
import { useWords } from '../../words/define-words.ts';
import type { SpendSum } from './sum-spend.ts';
import { spendWords } from './words.ts';

const heightPx = 132;
const leastPx = 2;

/** Cost a day as bars from zero; each says its day, cost and runs. */
export function DayBars({
  days,
  currency,
}: {
  readonly days: readonly (SpendSum & { readonly time: number })[];
  readonly currency: string;
}) {
  const say = useWords(spendWords);
  const format = useFormat();
  const most = Math.max(1, ...days.map((day) => day.costMicros));
  const first = days[0];
  const last = days.at(-1);
  return (
    <figure>
      <p className="mb-1 text-small text-soft">{format.money(most === 1 ? 0 : most, currency)}</p>
      <ul
        className="flex items-end gap-px border-b border-field"
        style={{ height: heightPx }}
        aria-label={say('perDay')}
      >
        {days.map((day) => {
          const label = say('dayCost', {
            day: format.day(day.time),
            cost: format.money(day.costMicros, currency),
            runs: format.number(day.runs),
          });
          const height = day.costMicros === 0 ? 0 : Math.max(leastPx, (day.costMicros / most) * heightPx);
          return (
            <li key={day.time} title={label} className="group flex h-full flex-1 items-end">
              <span className="sr-only">{label}</span>
              <span
                aria-hidden="true"
                className="w-full rounded-t-[2px] bg-data opacity-85 group-hover:opacity-100"
                style={{ height }}
              />
            </li>
          );
        })}
      </ul>
      <figcaption className="mt-1 flex justify-between text-small text-soft">
        <span>{first && format.day(first.time)}</span>
        <span>{last && format.day(last.time)}</span>
      </figcaption>
    </figure>
  );
}
