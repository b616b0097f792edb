import type { ConsolidationRow } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useApi, useSend } from '../../api/use-api.ts';
import { decisionRoutes } from '../../cockpit/decision-list.tsx';
import { useRound } from '../../cockpit/use-round.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { tell } from '../../ui/toast.tsx';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { consolidationWords } from './consolidation-words.ts';

/** Which base models could be retired at no measurable loss, and what that would save. */
export function Consolidation() {
  const say = useWords(consolidationWords);
  const language = useLanguage();
  const round = useRound();
  const { may } = useReader();
  const answer = useApi('GET /api/cockpit/consolidation');
  const refresh = ['GET /api/cockpit/consolidation', 'GET /api/models', ...decisionRoutes] as const;
  const stop = useSend('POST /api/cockpit/stop', refresh);
  const { data } = answer;
  if (!data) return <ProblemNote error={answer.error} />;
  if (data.rows.length < 2) return null;
  const proven = data.rows.filter(({ state }) => state === 'proven');
  const retire = ({ model, enabled }: ConsolidationRow) => (
    <Button
      aria-label={`${say(enabled ? 'retire' : 'resume')}: ${model}`}
      busy={stop.isPending}
      onClick={() =>
        stop.mutate(
          { body: { what: 'model', name: model, resume: !enabled } },
          { onSuccess: () => tell(say(enabled ? 'retired' : 'resumed', { model })) },
        )
      }
    >
      {say(enabled ? 'retire' : 'resume')}
    </Button>
  );
  return (
    <Card
      flush
      title={say('title')}
      note={
        proven.length === 0
          ? say('noneProven')
          : say('saves', { count: proven.length, money: round.money(data.savesMicros, data.currency), days: data.days })
      }
    >
      <p className="px-[18px] pb-2 text-small text-soft">{say('under', { margin: round.percent(data.marginRatio) })}</p>
      <ProblemNote error={stop.error} />
      <Table
        caption={say('title')}
        rows={data.rows}
        rowKey={({ model }) => model}
        columns={[
          {
            key: 'model',
            title: say('model'),
            cell: (row) => (
              <>
                <span className="font-medium">{row.model}</span>
                {!row.enabled && <span className="text-soft"> · {say('off')}</span>}
              </>
            ),
          },
          {
            key: 'state',
            title: say('state'),
            cell: (row) => (
              <span className="block">
                <span className={row.state === 'proven' ? 'text-good' : row.state === 'worse' ? 'text-bad' : ''}>
                  {say(`s_${row.state}`)}
                </span>
                <span className="block text-small text-soft">{row.because[language]}</span>
                {row.apps.map(
                  ({ app, kpi }) =>
                    kpi && (
                      <span key={app} className="block text-small text-soft">
                        {say('evidence', { app, effect: round.liftBounds(kpi.effect) })}
                      </span>
                    ),
                )}
                {may.includes('settings') &&
                  (row.state === 'proven' || row.state === 'idle' || !row.enabled) &&
                  retire(row)}
                {row.state === 'untested' && (
                  <Link to="/cockpit/experiments" className="text-small underline underline-offset-4">
                    {say('test')}
                  </Link>
                )}
              </span>
            ),
          },
          {
            key: 'apps',
            title: say('apps'),
            number: true,
            wideOnly: true,
            cell: ({ apps }) => apps.length,
          },
          {
            key: 'spent',
            title: say('spent'),
            number: true,
            wideOnly: true,
            cell: ({ spentMicros }) => round.money(spentMicros, data.currency),
          },
          {
            key: 'saves',
            title: say('would'),
            number: true,
            cell: ({ savesMicros }) => (savesMicros === null ? '—' : round.money(savesMicros, data.currency)),
          },
        ]}
      />
    </Card>
  );
}
