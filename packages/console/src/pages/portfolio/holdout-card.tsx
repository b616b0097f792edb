import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { decisionRoutes } from '../../cockpit/decision-list.tsx';
import { useRound } from '../../cockpit/use-round.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { portfolioWords } from './words.ts';

/** What all apps earned together, by the people kept without any of them; and how many those are. */
export function HoldoutCard() {
  const say = useWords(portfolioWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const round = useRound();
  const { may } = useReader();
  const answer = useApi('GET /api/cockpit/holdout', {}, { refetchInterval: 30_000 });
  const save = useSend('PUT /api/cockpit/holdout', ['GET /api/cockpit/holdout', ...decisionRoutes]);
  const [typed, setTyped] = useState<string | null>(null);
  const { data } = answer;
  if (!data) return <ProblemNote error={answer.error} />;
  const percent = typed ?? String(Math.round(data.ratio * 1_000) / 10);
  return (
    <Card title={say('holdout')}>
      <p className="font-medium">
        {data.since === null
          ? say('holdoutNone')
          : data.earned
            ? say('holdoutEarned', { money: round.moneyBounds(data.earned, data.currency) })
            : say('holdoutEarly')}
      </p>
      {data.since !== null && (
        <p className="text-small text-soft">
          {say('holdoutBehind', {
            held: format.number(data.heldOut),
            treated: format.number(data.treated),
            since: format.day(data.since),
            kpis: data.kpis.join(', ') || '—',
          })}
          {data.perUnit && ` ${say('holdoutEach', { money: round.moneyBounds(data.perUnit, data.currency) })}`}
        </p>
      )}
      <p className="text-small text-soft">{say('holdoutUnder')}</p>
      {may.includes('settings') && (
        <form
          className="mt-2 flex flex-wrap items-end gap-2 print:hidden"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(
              { body: { ratio: Number(percent) / 100 } },
              {
                onSuccess: () => {
                  setTyped(null);
                  tell(sayCommon('saved'));
                },
              },
            );
          }}
        >
          <TextField
            label={say('holdoutShare')}
            type="number"
            min={0}
            max={20}
            step={0.1}
            required
            value={percent}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit" busy={save.isPending} disabled={typed === null}>
            {sayCommon('save')}
          </Button>
          <ProblemNote error={save.error} />
        </form>
      )}
    </Card>
  );
}
