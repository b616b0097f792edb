import type { CircuitInspection } from '@myriad/builtin/quantum';
import { useFormat } from '../../format/use-format.ts';
import { Card } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { quantumWords } from './words.ts';

/** What a run would cost, before it runs. */
export function CircuitCost({ circuit: { plan, stateBytes } }: { readonly circuit: CircuitInspection }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const size = stateBytes < 1e15 ? format.bytes(stateBytes) : `2^${Math.round(Math.log2(stateBytes))} B`;
  return (
    <Card title={say('cost')}>
      <dl className="grid gap-2">
        <div>
          <dt className="text-small text-soft">{say('costState')}</dt>
          <dd>{say('costStateIs', { size })}</dd>
        </div>
        <div>
          <dt className="text-small text-soft">{say('costAmplitude')}</dt>
          <dd>
            {plan
              ? say('costAmplitudeIs', {
                  macs: plan.log2Macs,
                  slices: format.number(plan.slices),
                  size: format.bytes(plan.bytes),
                  time: format.duration(plan.estimatedSeconds * 1000),
                })
              : say('costNone')}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
