import type { AppDetail } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Empty, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { feedbackWords } from './feedback-words.ts';

/** What people said of the app's answers, newest first; names and numbers are masked by the node. */
export function AppFeedback({ detail: { app } }: { readonly detail: AppDetail }) {
  const say = useWords(feedbackWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const answer = useApi('GET /api/apps/:app/feedback', { params: { app: app.name } });
  if (!answer.data)
    return answer.error ? (
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
    ) : (
      <Waiting label={sayCommon('loading')} rows={5} />
    );
  const { up, down, corrections, items } = answer.data;
  if (items.length === 0) return <Empty title={say('none')}>{say('noneUnder')}</Empty>;
  const save = () =>
    saveText(
      `myriad-feedback-${app.name}.csv`,
      toCsv(
        ['time', 'rating', 'question', 'comment', 'correction', 'run'],
        items.map(({ createdAt, rating, question, comment, correction, runId }) => [
          ...[new Date(createdAt).toISOString(), rating ?? '', question ?? '', comment ?? ''],
          ...[correction ?? '', runId ?? ''],
        ]),
      ),
      'text/csv',
    );
  return (
    <Card
      title={say('sums', { up: format.number(up), down: format.number(down), corrections: format.number(corrections) })}
      note={say('masked')}
    >
      <ul className="grid gap-4">
        {items.map((item) => (
          <li key={`${item.id} ${item.createdAt}`} className="grid gap-1 border-l-2 border-line pl-3">
            <p className="flex flex-wrap gap-x-3 text-small text-soft">
              <span>{say(item.rating ?? 'unrated')}</span>
              <time>{format.ago(item.createdAt)}</time>
              {item.runId && (
                <Link to="/runs/$run" params={{ run: item.runId } as never} className="hover:text-ink">
                  {say('run')}
                </Link>
              )}
            </p>
            {item.question && <p className="break-words">{item.question}</p>}
            {item.comment && (
              <p className="break-words">
                <span className="text-soft">{say('comment')}</span> {item.comment}
              </p>
            )}
            {item.correction && (
              <p className="whitespace-pre-wrap break-words">
                <span className="text-soft">{say('correction')}</span> {item.correction}
              </p>
            )}
          </li>
        ))}
      </ul>
      <Button className="mt-3 print:hidden" onClick={save}>
        {sayCommon('exportCsv')}
      </Button>
    </Card>
  );
}
