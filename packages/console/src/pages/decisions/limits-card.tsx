import type { DecisionLimits } from '@myriad/contracts';
import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { decisionWords } from './words.ts';

/** What the owner lets happen without being asked. */
export function LimitsCard() {
  const say = useWords(decisionWords);
  const sayCommon = useWords(common);
  const answer = useApi('GET /api/cockpit/limits');
  const save = useSend('PUT /api/cockpit/limits', ['GET /api/cockpit/limits']);
  const [changed, setChanged] = useState<Partial<DecisionLimits>>({});
  if (!answer.data) return <ProblemNote error={answer.error} />;
  const limits = { ...answer.data, ...changed };
  const change = (patch: Partial<DecisionLimits>) => setChanged((before) => ({ ...before, ...patch }));
  const percent = (value: number) => String(Math.round(value * 100));
  return (
    <Card title={say('limits')}>
      <form
        className="grid items-end gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { body: limits },
            {
              onSuccess: () => {
                setChanged({});
                tell(sayCommon('saved'));
              },
            },
          );
        }}
      >
        <CheckField
          label={say('automaticShares')}
          checked={limits.automaticShares}
          onChange={(event) => change({ automaticShares: event.target.checked })}
        />
        <CheckField
          label={say('automaticStops')}
          checked={limits.automaticStops}
          onChange={(event) => change({ automaticStops: event.target.checked })}
        />
        <TextField
          label={say('lowest')}
          type="number"
          min={0}
          max={100}
          value={percent(limits.lowestShare)}
          onChange={(event) => change({ lowestShare: Number(event.target.value) / 100 })}
        />
        <TextField
          label={say('highest')}
          type="number"
          min={100}
          max={400}
          value={percent(limits.highestShare)}
          onChange={(event) => change({ highestShare: Number(event.target.value) / 100 })}
        />
        <CheckField
          label={say('automaticBudgets')}
          checked={limits.automaticBudgets === true}
          onChange={(event) => change({ automaticBudgets: event.target.checked })}
        />
        <TextField
          label={say('highestBudget')}
          type="number"
          min={0}
          value={String((limits.highestBudgetMicros ?? 0) / 1e6)}
          onChange={(event) => change({ highestBudgetMicros: Math.round(Number(event.target.value) * 1e6) })}
        />
        <ProblemNote error={save.error} />
        <div className="sm:col-span-2">
          <Button type="submit" look="primary" busy={save.isPending} disabled={Object.keys(changed).length === 0}>
            {sayCommon('save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
