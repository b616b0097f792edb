import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Chip } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { useWords } from '../../words/define-words.ts';
import { browserName } from './browser-name.ts';
import { settingsWords } from './words.ts';

export function SessionsCard() {
  const say = useWords(settingsWords);
  const format = useFormat();
  const sessions = useApi('GET /api/sessions');
  const end = useSend('DELETE /api/sessions/:id', ['GET /api/sessions']);
  return (
    <Card flush title={say('sessions')}>
      <ProblemNote error={sessions.error} />
      <ul>
        {sessions.data?.items.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-3 border-t border-hair px-[18px] py-2.5">
            <span className="min-w-0 flex-1 basis-60">
              <span className="font-medium" title={session.userAgent}>
                {browserName(session.userAgent)}
              </span>{' '}
              {session.current && <Chip tone="good">{say('thisOne')}</Chip>}
              <span className="block text-small text-soft">
                {session.ip} · {say('since', { when: format.time(session.createdAt) })}
              </span>
            </span>
            {!session.current && (
              <Button
                onClick={() =>
                  end.mutate(
                    { params: { id: session.id } },
                    { onSuccess: () => tell(say('ended')), onError: (error) => tell(sentenceOf(error)) },
                  )
                }
              >
                {say('endSession')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
