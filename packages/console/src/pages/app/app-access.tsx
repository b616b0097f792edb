import type { AppDetail } from '@myriad/contracts';
import { BudgetCard } from '../../budget/budget-card.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { appWords } from './words.ts';

/** Who may use and change the app, and what it may spend. */
export function AppAccess({ detail: { app, budget, budgetState, may } }: { readonly detail: AppDetail }) {
  const say = useWords(appWords);
  const names = (principals: readonly string[]) =>
    principals.length === 0
      ? say('nobodyElse')
      : principals.map((each) => (each === 'everyone' ? say('everyone') : each.replace(/^group:/, ''))).join(', ');
  return (
    <>
      <Card title={say('tab_access')}>
        <Facts
          items={[
            [say('mayUse'), names(app.use)],
            [say('mayEdit'), names(app.edit)],
            [say('exposed'), app.expose.join(', ')],
            [
              say('hash'),
              <code key="hash" className="font-mono text-small break-all">
                {app.currentVersion ?? '—'}
              </code>,
            ],
          ]}
        />
        <p className="mt-3 text-small text-soft">{say('accessUnder')}</p>
      </Card>
      <BudgetCard
        scope={`app:${app.id}`}
        title={say('budget')}
        budget={budget}
        state={budgetState}
        editable={may.includes('edit')}
      />
    </>
  );
}
