import type { ModelsAnswer } from '@myriad/contracts';
import { Card, Chip } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { modelsWords } from './words.ts';

/** The four rungs from quotes to a provider: which are reached, and what to do for the next. */
export function Ladder({ ladder, detected }: Pick<ModelsAnswer, 'ladder' | 'detected'>) {
  const say = useWords(modelsWords);
  const waiting = detected.filter(({ attached }) => !attached).length;
  return (
    <Card title={say('ladder')}>
      <ol className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {ladder.map(({ rung, reached }) => (
          <li key={rung} className="flex items-baseline gap-3">
            <span className="w-4 text-right font-medium text-soft">{rung}</span>
            <span className="min-w-0 flex-1">
              {say(`rung${rung}`)}
              {(rung === 1 || !reached) && (
                <span className="block text-small text-soft">
                  {rung === 2 && waiting > 0 ? say('rung2Found', { count: waiting }) : say(`rungNext${rung}`)}
                </span>
              )}
            </span>
            <Chip tone={reached ? 'good' : 'idle'}>{say(reached ? 'reached' : 'notReached')}</Chip>
          </li>
        ))}
      </ol>
    </Card>
  );
}
