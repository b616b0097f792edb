import { useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { BudgetBar } from '../../budget/budget-card.tsx';
import { BudgetDialog } from '../../budget/budget-dialog.tsx';
import { budgetWords } from '../../budget/words.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { spendWords } from './words.ts';

/** Every limit with what is left of it; set, change, remove. */
export function Budgets() {
  const say = useWords(spendWords);
  const sayBudget = useWords(budgetWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const budgets = useApi('GET /api/budgets');
  const apps = useApi('GET /api/apps', { query: { limit: '200' } }, { staleTime: 60_000 });
  const remove = useSend('DELETE /api/budgets/:scope', ['GET /api/budgets', 'GET /api/apps/:app']);
  const [scope, setScope] = useState('org');
  const [editing, setEditing] = useState<string | null>(null);
  const items = budgets.data?.items ?? [];
  const nameOf = (each: string) => {
    if (each === 'org') return say('whole');
    const app = apps.data?.items.find(({ id }) => `app:${id}` === each);
    return app ? (language === 'zh' ? app.titleZh : app.titleEn) || app.name : each;
  };
  return (
    <Card title={say('budgets')}>
      <ProblemNote error={budgets.error} />
      {budgets.isSuccess && items.length === 0 && <p className="text-soft">{say('noBudgets')}</p>}
      <ul className="grid gap-4">
        {items.map(({ budget, state }) => (
          <li
            key={budget.scope}
            className="grid gap-2 border-t border-hair pt-4 first:border-0 first:pt-0 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-end"
          >
            <div>
              <p className="font-medium">{nameOf(budget.scope)}</p>
              <BudgetBar budget={budget} state={state} />
            </div>
            <span className="flex gap-2">
              <Button onClick={() => setEditing(budget.scope)}>{sayBudget('change')}</Button>
              <Button
                onClick={() =>
                  remove.mutate(
                    { params: { scope: budget.scope } },
                    { onSuccess: () => tell(sayBudget('removed')), onError: (error) => tell(sentenceOf(error)) },
                  )
                }
              >
                {sayCommon('remove')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap items-end gap-2 border-t border-hair pt-4">
        <div className="w-60">
          <SelectField
            label={say('scopeOf')}
            value={scope}
            onChange={(event) => setScope(event.target.value)}
            options={[
              { value: 'org', label: say('whole') },
              ...(apps.data?.items ?? []).map(({ id }) => ({ value: `app:${id}`, label: nameOf(`app:${id}`) })),
            ]}
          />
        </div>
        <Button className="min-h-9" onClick={() => setEditing(scope)}>
          {say('addBudget')}
        </Button>
      </div>
      {editing !== null && (
        <BudgetDialog
          open
          onClose={() => setEditing(null)}
          scope={editing}
          name={nameOf(editing)}
          budget={items.find(({ budget }) => budget.scope === editing)?.budget ?? null}
        />
      )}
    </Card>
  );
}
