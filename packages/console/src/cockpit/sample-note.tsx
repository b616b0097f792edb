import { useSend } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { useWords } from '../words/define-words.ts';
import { decisionRoutes } from './decision-list.tsx';
import { cockpitWords } from './words.ts';

const touched = [
  ...decisionRoutes,
  'GET /api/cockpit/experiments',
  'GET /api/kpis',
  'GET /api/cockpit/health',
] as const;

/** Says that sample data is shown, and lets an owner remove it. */
export function SampleNote() {
  const say = useWords(cockpitWords);
  const { may } = useReader();
  const remove = useSend('DELETE /api/cockpit/demo', touched);
  return (
    <aside aria-label={say('sampleTitle')} className="rounded-card border border-line bg-wait-soft px-4 py-3">
      <p>
        <strong className="font-semibold">{say('sampleTitle')}</strong> {say('sampleText')}
      </p>
      <ProblemNote error={remove.error} />
      {may.includes('settings') && (
        <Button
          className="mt-2 print:hidden"
          busy={remove.isPending}
          onClick={() => remove.mutate({}, { onSuccess: () => tell(say('sampleRemoved')) })}
        >
          {say('sampleRemove')}
        </Button>
      )}
    </aside>
  );
}

/** Where nothing is measured yet: fills the cockpit with the sample company. */
export function LoadSample() {
  const say = useWords(cockpitWords);
  const load = useSend('POST /api/cockpit/demo', touched);
  return (
    <>
      <Button look="primary" busy={load.isPending} onClick={() => load.mutate({})}>
        {say('sampleLoad')}
      </Button>
      <ProblemNote error={load.error} />
    </>
  );
}
