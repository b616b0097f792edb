import type { StopRequest } from '@myriad/contracts';
import { useApi, useSend } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { tellWithUndo } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { decisionRoutes } from './decision-list.tsx';
import { cockpitWords } from './words.ts';

/** Stops at once; for ten seconds the note that says so takes it back. */
export function useStop() {
  const say = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const send = useSend('POST /api/cockpit/stop', [...decisionRoutes, 'GET /api/apps', 'GET /api/models']);
  const stop = (request: StopRequest) => {
    const what = request.name ?? say('everything');
    const back = () => send.mutate({ body: { ...request, resume: !request.resume } });
    send.mutate(
      { body: request },
      {
        onSuccess: () =>
          tellWithUndo(say(request.resume ? 'resumed' : 'stopped', { what }), sayCommon('undo'), () => {}, back),
      },
    );
  };
  return { stop, busy: send.isPending, error: send.error };
}

/** One click stops everything; what is stopped is listed and can be started again. */
export function StopSwitch() {
  const say = useWords(cockpitWords);
  const { may } = useReader();
  const state = useApi('GET /api/cockpit/stop');
  const { stop, busy, error } = useStop();
  if (!may.includes('settings')) return null;
  const single = [
    ...(state.data?.apps ?? []).map((name) => ({ what: 'app' as const, name })),
    ...(state.data?.models ?? []).map((name) => ({ what: 'model' as const, name })),
  ];
  const all = state.data?.everything ?? false;
  return (
    <Card
      title={say('stopTitle')}
      note={all ? say('stoppedAll') : single.length === 0 ? say('nothingStopped') : undefined}
    >
      <ProblemNote error={error ?? state.error} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[56em] text-soft">{say('stopUnder')}</p>
        <Button
          look={all ? 'primary' : 'danger'}
          busy={busy}
          className="print:hidden"
          onClick={() => stop({ what: 'everything', resume: all })}
        >
          {say(all ? 'resumeAll' : 'stopAll')}
        </Button>
      </div>
      <ul className="mt-2 grid gap-1">
        {single.map(({ what, name }) => (
          <li key={`${what} ${name}`} className="flex items-center justify-between gap-3">
            {say('stopped', { what: name })}
            <Button aria-label={`${say('resume')}: ${name}`} onClick={() => stop({ what, name, resume: true })}>
              {say('resume')}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
