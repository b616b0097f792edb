import type { SearchStep } from '@myriad/contracts';
import type { LiveStep } from '../../chat/live-answer.ts';
import { Icon } from '../../ui/icon.tsx';
import { type Say, useWords } from '../../words/define-words.ts';
import { searchWords } from './words.ts';

type Step = LiveStep | SearchStep;

/** What was done before the answer, while it is done: searching, asking the web, reading, answering. */
export function SearchSteps({ steps, answering }: { readonly steps: readonly Step[]; readonly answering: boolean }) {
  const say = useWords(searchWords);
  const shown = steps.filter(({ kind }) => kind === 'retrieve' || kind === 'guard');
  if (shown.length === 0 && !answering) return null;
  return (
    <ol aria-label={say('steps')} className="grid gap-0.5 text-[13px] text-soft">
      {shown.map((step) => (
        <li key={step.id} className="flex items-baseline gap-2">
          <Mark status={step.status} />
          <span className="min-w-0 break-words">{stepText(step, say)}</span>
        </li>
      ))}
      {answering && shown.every(({ status }) => status !== 'running') && (
        <li className="flex items-baseline gap-2">
          <Mark status="running" />
          {say('answering')}
        </li>
      )}
    </ol>
  );
}

function stepText({ id, title, status, detail = {} }: Step, say: Say<typeof searchWords.en>): string {
  const value = (name: string) => {
    const found = detail[name];
    return typeof found === 'number' ? Math.round(found) : typeof found === 'string' ? found : 0;
  };
  if (id === 'retrieve') {
    if (status !== 'done') return say('searching');
    const method = say(detail.method === 'hybrid' ? 'method_hybrid' : 'method_lexical');
    return say('searched', {
      passages: value('passages'),
      candidates: value('candidates'),
      took: value('tookMs'),
      method,
    });
  }
  if (status === 'failed') return say('webFailed', { name: title, reason: String(detail.reason ?? '') });
  if (id === 'web')
    return status === 'done'
      ? say('askedWeb', { name: title, pages: value('pages') })
      : say('askingWeb', { name: title });
  if (id === 'read')
    return status === 'done'
      ? say('readPages', { opened: value('opened'), failed: value('failed') })
      : say('readingPages');
  return say('otherStep', { name: title });
}

function Mark({ status }: { readonly status: Step['status'] }) {
  if (status === 'running')
    return (
      <span aria-hidden="true" className="mx-1 size-1.5 shrink-0 animate-pulse self-center rounded-full bg-data" />
    );
  return (
    <span className={`self-center ${status === 'done' ? 'text-good' : 'text-bad'}`}>
      <Icon name={status === 'done' ? 'check' : 'wrong'} size={14} />
    </span>
  );
}
