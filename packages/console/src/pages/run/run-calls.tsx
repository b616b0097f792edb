import type { ModelCallRecord } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { RunStatusChip } from '../runs/run-status.tsx';
import { runWords } from './words.ts';

/** Each call of a model: which, why, how long it waited and took, tokens and cost. */
export function RunCalls({ calls }: { readonly calls: readonly ModelCallRecord[] }) {
  const say = useWords(runWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  if (calls.length === 0) return <p className="text-soft">{say('noCalls')}</p>;
  return (
    <ol className="grid gap-3">
      {calls.map((call) => (
        <li key={call.id} className="grid gap-0.5 border-t border-hair pt-3 first:border-0 first:pt-0">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">{call.model}</span>
            <RunStatusChip status={call.status} />
            <span className="text-small text-soft">{say('attempt', { number: call.attempt })}</span>
          </p>
          <p>
            <span className="text-soft">{say('because')}: </span>
            {call.because}
          </p>
          <p className="text-small text-soft">
            {[
              say('queued', { time: format.duration(call.queuedMs) }),
              call.firstTokenMs === null ? '' : say('firstToken', { time: format.duration(call.firstTokenMs) }),
              say('total', { took: format.duration(call.totalMs) }),
              say('tokensIn', {
                input: format.number(call.usage.inputTokens),
                output: format.number(call.usage.outputTokens),
              }),
              call.cost ? format.money(call.cost.micros, call.cost.currency) : sayCommon('unpriced'),
              call.cached ? say('cached') : '',
              call.errorCode ?? '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </li>
      ))}
    </ol>
  );
}
