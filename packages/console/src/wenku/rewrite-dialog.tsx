import { diffWords, docFromMarkdown, markdownOfNodes } from '@myriad/builtin/wenku';
import type { WenkuJob, WenkuNode } from '@myriad/contracts';
import { useState } from 'react';
import { myriad } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/define-words.ts';
import { DiffPieces } from './diff-blocks.tsx';
import { useJob } from './use-job.ts';
import { wenkuWords } from './words.ts';

/** Asks for another wording of a selection and shows it as a change to accept or reject. */
export function RewriteDialog({
  documentId,
  nodes,
  onClose,
  onAccept,
}: {
  readonly documentId: string;
  readonly nodes: readonly WenkuNode[];
  readonly onClose: () => void;
  readonly onAccept: (nodes: readonly WenkuNode[]) => void;
}) {
  const say = useWords(wenkuWords);
  const [selection] = useState(() => markdownOfNodes(nodes));
  const [how, setHow] = useState('');
  const [started, setStarted] = useState<WenkuJob | null>(null);
  const [error, setError] = useState<unknown>(null);
  const job = useJob(started, () => {});
  const text = job?.parts[0]?.text ?? '';
  const start = async (wish: string) => {
    setError(null);
    try {
      setStarted(
        await myriad.call('POST /api/wenku/:id/jobs', {
          params: { id: documentId },
          body: { kind: 'rewrite', text: wish, selection },
        }),
      );
    } catch (thrown) {
      setError(thrown);
    }
  };
  const done = job?.status === 'done';
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={done ? say('proposal') : say('rewrite')}
      footer={
        done && (
          <>
            <Button onClick={onClose}>{say('reject')}</Button>
            <Button look="primary" onClick={() => onAccept(docFromMarkdown(text).content)}>
              {say('accept')}
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-3">
        <div className="flex flex-wrap gap-1.5">
          {(['shorter', 'clearer', 'formal', 'fix'] as const).map((name) => (
            <Button key={name} disabled={job?.status === 'running'} onClick={() => void start(say(`rewrite_${name}`))}>
              {say(`rewrite_${name}`)}
            </Button>
          ))}
        </div>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (how.trim() !== '') void start(how);
          }}
        >
          <div className="flex-1">
            <TextField label={say('rewriteWhat')} value={how} onChange={(event) => setHow(event.target.value)} />
          </div>
          <Button type="submit" busy={job?.status === 'running'}>
            {say('rewriteNow')}
          </Button>
        </form>
        <ProblemNote error={error ?? (job?.errorText ? new Error(job.errorText) : null)} />
        <div
          aria-live="polite"
          className="rounded-control border border-line bg-paper p-3 text-answer whitespace-pre-wrap"
        >
          {done ? <DiffPieces pieces={diffWords(selection, text.trim())} /> : text || selection}
        </div>
      </div>
    </Dialog>
  );
}
