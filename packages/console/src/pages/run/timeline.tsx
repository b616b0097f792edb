import type { RunRecord, TraceStep } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { useWords } from '../../words/define-words.ts';
import { stepText } from './step-text.ts';
import { runWords } from './words.ts';

const leastShare = 0.004;

/** The steps of a run as bars on one axis from its start to its end. */
export function Timeline({ run }: { readonly run: RunRecord }) {
  const say = useWords(runWords);
  const format = useFormat();
  if (run.steps.length === 0) return <p className="text-soft">{say('noSteps')}</p>;
  const totalMs = Math.max(
    1,
    run.finishedAt - run.startedAt,
    ...run.steps.map((step) => step.startedAt + step.tookMs - run.startedAt),
  );
  return (
    <ol className="grid gap-1">
      {run.steps.map((step, index) => {
        const offset = Math.min(1, Math.max(0, (step.startedAt - run.startedAt) / totalMs));
        const width = Math.min(1 - offset, Math.max(leastShare, step.tookMs / totalMs));
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order
            key={index}
            className="grid grid-cols-[minmax(96px,150px)_minmax(0,1fr)_64px] items-center gap-x-3 border-t border-hair py-1.5 first:border-0"
          >
            <span className="min-w-0">
              <span className="block truncate">{say(`kind_${step.kind}`)}</span>
              <span
                className={`block text-small text-soft ${stepText(step, say) === null ? 'truncate' : 'break-words'}`}
                title={detailText(step)}
              >
                {stepText(step, say) ?? (step.name === step.kind ? detailText(step) : step.name)}
              </span>
            </span>
            <span aria-hidden="true" className="relative h-2 rounded bg-hair">
              <span
                className={`absolute inset-y-0 min-w-0.5 rounded ${step.ok ? 'bg-data' : 'bg-decide'}`}
                style={{ left: `${offset * 100}%`, width: `${width * 100}%` }}
              />
            </span>
            <span className="text-right text-small whitespace-nowrap">{format.duration(step.tookMs)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function detailText(step: TraceStep): string {
  return Object.entries(step.detail)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
