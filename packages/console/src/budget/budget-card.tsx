import type { Budget, BudgetState } from '@myriad/contracts';
import { useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { useFormat } from '../format/use-format.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/page.tsx';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { budgetWords } from './words.ts';

/** A limit, what is left of it, and how to change it. */
export function BudgetCard({
  scope,
  title,
  budget,
  state,
  editable,
}: {
  readonly scope: string;
  readonly title: string;
  readonly budget: Budget | null;
  readonly state: BudgetState | null;
  readonly editable: boolean;
}) {
  const say = useWords(budgetWords);
  const sayCommon = useWords(common);
  const [open, setOpen] = useState(false);
  const remove = useSend('DELETE /api/budgets/:scope', ['GET /api/budgets', 'GET /api/apps/:app']);
  return (
    <Card title={title}>
      {budget ? <BudgetBar budget={budget} state={state} /> : <p className="text-soft">{say('none')}</p>}
      {editable && (
        <div className="mt-3 flex gap-2">
          <Button onClick={() => setOpen(true)}>{say(budget ? 'change' : 'set')}</Button>
          {budget && (
            <Button
              busy={remove.isPending}
              onClick={() =>
                remove.mutate(
                  { params: { scope } },
                  { onSuccess: () => tell(say('removed')), onError: (error) => tell(sentenceOf(error)) },
                )
              }
            >
              {sayCommon('remove')}
            </Button>
          )}
          <BudgetDialog open={open} onClose={() => setOpen(false)} scope={scope} name={title} budget={budget} />
        </div>
      )}
    </Card>
  );
}

/** Spent and held against the limit. */
export function BudgetBar({ budget, state }: { readonly budget: Budget; readonly state: BudgetState | null }) {
  const say = useWords(budgetWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const spent = state?.spentMicros ?? 0;
  const held = state?.heldMicros ?? 0;
  const share = (micros: number) => (budget.limitMicros === 0 ? 1 : Math.min(1, micros / budget.limitMicros));
  const left = Math.max(0, budget.limitMicros - spent - held);
  return (
    <div className="grid gap-1.5">
      <p>
        {say('left', {
          left: format.money(left, budget.currency),
          limit: format.money(budget.limitMicros, budget.currency),
          period: sayCommon(`period_${budget.period}`),
        })}{' '}
        <span className="text-soft">{held > 0 && say('held', { held: format.money(held, budget.currency) })}</span>
      </p>
      <div
        role="img"
        aria-label={say('used', { percent: format.percent(share(spent + held)) })}
        className="flex h-1.5 overflow-hidden rounded-[3px] bg-hair"
      >
        <span className={share(spent) > 0.9 ? 'bg-decide' : 'bg-data'} style={{ width: `${share(spent) * 100}%` }} />
        <span className="bg-faint" style={{ width: `${share(held) * 100}%` }} />
      </div>
    </div>
  );
}
