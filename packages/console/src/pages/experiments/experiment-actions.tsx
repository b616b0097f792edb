import type { ExperimentRow } from '@myriad/contracts';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useRound } from '../../cockpit/use-round.ts';
import { cockpitWords } from '../../cockpit/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { useWords } from '../../words/define-words.ts';
import { experimentRoutes } from './plan-dialog.tsx';
import { planWords } from './plan-words.ts';

/** Stop and ship, for an experiment that was started in the cockpit. */
export function ExperimentActions({ row }: { readonly row: ExperimentRow }) {
  const say = useWords(planWords);
  const [shipping, setShipping] = useState(false);
  const stop = useSend('POST /api/experiments/:id', experimentRoutes);
  const { id } = row;
  if (id === null || row.status === 'shipped') return null;
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      {row.status !== 'stopped' && (
        <Button
          aria-label={`${say('stop')}: ${row.app}`}
          busy={stop.isPending}
          onClick={() =>
            stop.mutate(
              { params: { id }, body: { action: 'stop' } },
              { onSuccess: () => tell(say('stopped', { app: row.app })) },
            )
          }
        >
          {say('stop')}
        </Button>
      )}
      <Button aria-label={`${say('ship')}: ${row.app}`} onClick={() => setShipping(true)}>
        {say('ship')}
      </Button>
      <ProblemNote error={stop.error} />
      {shipping && <ShipDialog row={row} id={id} onClose={() => setShipping(false)} />}
    </div>
  );
}

function ShipDialog({
  row,
  id,
  onClose,
}: {
  readonly row: ExperimentRow;
  readonly id: string;
  readonly onClose: () => void;
}) {
  const say = useWords(planWords);
  const sayCockpit = useWords(cockpitWords);
  const round = useRound();
  const ship = useSend('POST /api/experiments/:id', experimentRoutes);
  const send = (winner: 'control' | 'treatment', arm: string) =>
    ship.mutate(
      { params: { id }, body: { action: 'ship', winner } },
      {
        onSuccess: () => {
          tell(say('shipped', { arm }));
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('shipTitle', { app: row.app })}
      description={say('shipUnder')}
      footer={
        <>
          <Button busy={ship.isPending} onClick={() => send('control', row.baseline)}>
            {say('shipControl', { arm: row.baseline })}
          </Button>
          <Button look="primary" busy={ship.isPending} onClick={() => send('treatment', row.treatment)}>
            {say('shipTreatment', { arm: row.treatment })}
          </Button>
        </>
      }
    >
      <p>
        {row.effect
          ? say('seen', { effect: round.effectBounds(row.effect), verdict: sayCockpit(`verdict_${row.verdict}`) })
          : say('seenNothing')}
      </p>
      {row.guardrailsTripped.length > 0 && (
        <p className="text-bad">{say('tripped', { names: row.guardrailsTripped.join(', ') })}</p>
      )}
      <ProblemNote error={ship.error} />
    </Dialog>
  );
}
