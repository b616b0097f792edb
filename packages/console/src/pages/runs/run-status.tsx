import type { RunStatus } from '@myriad/contracts';
import { Chip, type Tone } from '../../ui/page.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';

const tones: Readonly<Record<RunStatus, Tone>> = {
  ok: 'good',
  error: 'bad',
  aborted: 'idle',
  refused: 'wait',
  lost: 'bad',
};

export function RunStatusChip({ status }: { readonly status: RunStatus }) {
  const say = useWords(common);
  return <Chip tone={tones[status]}>{say(`run_${status}`)}</Chip>;
}
