import type { ApiRoute, Decision } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Card } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { tellWithUndo } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { useRound } from './use-round.ts';
import { SampleMark, VerdictChip } from './verdict-chip.tsx';
import { cockpitWords } from './words.ts';

/** What a decision touches. */
export const decisionRoutes: readonly ApiRoute[] = [
  'GET /api/cockpit/portfolio',
  'GET /api/cockpit/apps/:app',
  'GET /api/decisions',
  'GET /api/cockpit/stop',
  'GET /api/audit',
];

/** A decision in words: "Raise Refund desk from 100% to 125% of its base share". */
export function useDecisionTitle(): (decision: Decision) => string {
  const say = useWords(cockpitWords);
  const round = useRound();
  return ({ kind, app, model, from, to, budget }) => {
    const what = app ?? model ?? '';
    if (kind === 'budget') {
      const money = (micros: number | null) =>
        micros === null ? say('ownBudget') : round.money(micros, budget?.currency ?? '');
      return say('do_budget', { what, from: money(from), to: money(to) });
    }
    if (kind === 'holdout') return say('do_holdout', { from: round.percent(from ?? 0), to: round.percent(to ?? 0) });
    if (kind === 'ship') return say('do_ship', { what, from: from ?? 0, to: to ?? 0 });
    if (kind !== 'share') return say(`do_${kind}`, { what });
    return say((to ?? 0) >= (from ?? 0) ? 'do_more' : 'do_less', {
      what,
      from: round.percent(from ?? 1),
      to: round.percent(to ?? 1),
    });
  };
}

/** Proposals with Approve, Why and Reject. A choice is shown at once, sent after ten seconds, and can be taken back until then. */
export function DecisionList({ decisions }: { readonly decisions: readonly Decision[] }) {
  const say = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const titleOf = useDecisionTitle();
  const [settled, setSettled] = useState<readonly string[]>([]);
  const decide = useSend('POST /api/decisions/:id', decisionRoutes);
  const waiting = decisions.filter(({ id }) => !settled.includes(id));
  const show = (id: string) => setSettled((before) => before.filter((each) => each !== id));
  const settle = (decision: Decision, action: 'approve' | 'reject') => {
    const { id } = decision;
    setSettled((before) => [...before, id]);
    tellWithUndo(
      say(action === 'approve' ? 'approved' : 'rejected', { what: titleOf(decision) }),
      sayCommon('undo'),
      () => decide.mutate({ params: { id }, body: { action } }, { onError: () => show(id) }),
      () => show(id),
    );
  };
  return (
    <Card title={say('needsYou')} note={waiting.length > 0 ? say('proposals', { count: waiting.length }) : undefined}>
      <ProblemNote error={decide.error} />
      {waiting.length === 0 && <p className="text-soft">{say('needsNothing')}</p>}
      <ul className="grid">
        {waiting.map((decision) => (
          <li
            key={decision.id}
            className="grid items-center gap-x-3 gap-y-2 border-t border-hair py-2.5 first:border-0 first:pt-0 last:pb-0 md:grid-cols-[88px_1fr_auto]"
          >
            <span>{decision.verdict && <VerdictChip verdict={decision.verdict} />}</span>
            <div className="min-w-0">
              <p className="font-medium">
                {titleOf(decision)}
                <SampleMark sample={decision.sample} />
              </p>
              <p className="text-small text-soft">{decision.because[language]}</p>
            </div>
            <div className="flex flex-wrap gap-2 print:hidden">
              {decision.app && (
                <Link
                  to="/cockpit/apps/$app"
                  params={{ app: decision.app } as never}
                  aria-label={`${say('why')}: ${titleOf(decision)}`}
                  className={buttonClass('plain')}
                >
                  {say('why')}
                </Link>
              )}
              <Button aria-label={`${say('reject')}: ${titleOf(decision)}`} onClick={() => settle(decision, 'reject')}>
                {say('reject')}
              </Button>
              <Button
                look="primary"
                aria-label={`${say('approve')}: ${titleOf(decision)}`}
                onClick={() => settle(decision, 'approve')}
              >
                {say('approve')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
