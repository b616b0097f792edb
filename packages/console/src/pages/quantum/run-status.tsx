import { useFormat } from '../../format/use-format.ts';
import { useWords } from '../../words/define-words.ts';
import type { CircuitRun } from './use-circuit-run.ts';
import { quantumWords } from './words.ts';

/** Progress with the time left, or how it ended when there is no result. */
export function RunStatus({ run }: { readonly run: CircuitRun }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  if (run.status === 'failed')
    return (
      <div role="alert" className="rounded-card border border-line bg-decide-soft px-4 py-3">
        <p className="font-medium text-bad">{say('failed')}</p>
        <p className="mt-0.5 break-words">{run.failure.message}</p>
      </div>
    );
  return (
    <div role="status">
      {run.status === 'idle' && <p className="text-soft">{say('beforeRun')}</p>}
      {run.status === 'stopped' && <p>{say('stopped')}</p>}
      {run.status === 'running' && (
        <div className="grid gap-1.5">
          <p>
            {say('running')}…{' '}
            {run.progress.remainingMs !== null && (
              <span className="text-soft">{say('left', { time: format.duration(run.progress.remainingMs) })}</span>
            )}
          </p>
          <progress
            aria-label={say('running')}
            className="h-1.5 w-full accent-data"
            max={1}
            {...(run.progress.ratio === null ? {} : { value: run.progress.ratio })}
          />
        </div>
      )}
    </div>
  );
}
