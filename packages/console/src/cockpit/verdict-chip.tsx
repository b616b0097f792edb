import type { Verdict } from '@myriad/contracts';
import { Chip, type Tone } from '../ui/page.tsx';
import { useWords } from '../words/define-words.ts';
import { cockpitWords } from './words.ts';

const tones: Readonly<Record<Verdict, Tone>> = {
  Grow: 'good',
  Keep: 'data',
  Review: 'wait',
  Retire: 'bad',
  'Too early': 'idle',
};

export function VerdictChip({ verdict, blocked = false }: { readonly verdict: Verdict; readonly blocked?: boolean }) {
  const say = useWords(cockpitWords);
  return blocked ? (
    <Chip tone="wait">{say('blocked')}</Chip>
  ) : (
    <Chip tone={tones[verdict]}>{say(`verdict_${verdict}`)}</Chip>
  );
}

export function SampleMark({ sample }: { readonly sample: boolean }) {
  const say = useWords(cockpitWords);
  return sample ? (
    <span className="ml-1.5 rounded-[4px] border border-line px-1 text-tiny font-normal text-soft">
      {say('sample')}
    </span>
  ) : null;
}
