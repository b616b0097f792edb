import { docFromMarkdown } from '@myriad/builtin/wenku';
import type { WenkuJob } from '@myriad/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { myriad } from '../api/client.ts';
import { Markdown } from '../chat/markdown.tsx';
import { Button, Choices } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/define-words.ts';
import { useJob } from './use-job.ts';
import { wenkuWords } from './words.ts';

/** A translation beside its original, part by part as it is written. */
export function TranslateDialog({
  title,
  blocks,
  from,
  generates,
  start,
  onClose,
}: {
  readonly title: string;
  readonly blocks: readonly string[];
  readonly from: 'en' | 'zh';
  readonly generates: boolean;
  readonly start: (into: 'en' | 'zh', blocks: readonly string[]) => Promise<WenkuJob>;
  readonly onClose: () => void;
}) {
  const say = useWords(wenkuWords);
  const navigate = useNavigate();
  const [into, setInto] = useState<'en' | 'zh'>(from === 'zh' ? 'en' : 'zh');
  const [started, setStarted] = useState<WenkuJob | null>(null);
  const [error, setError] = useState<unknown>(null);
  const job = useJob(started, () => {});
  const keep = async () => {
    try {
      const { document } = await myriad.call('POST /api/wenku', { body: { kind: 'doc', title, language: into } });
      const content = docFromMarkdown(job?.parts.map(({ text }) => text).join('\n\n') ?? '');
      await myriad.call('PUT /api/wenku/:id/content', { params: { id: document.id }, body: { revision: 1, content } });
      await navigate({ to: `/wenku/${document.id}` });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say('translate')}
      footer={
        job?.status === 'done' && (
          <Button look="primary" onClick={() => void keep()}>
            {say('makeTranslation')}
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        {!generates && <p className="rounded-control bg-wait-soft px-3 py-2">{say('noModel')}</p>}
        <div className="flex flex-wrap items-center gap-3">
          <Choices
            label={say('translateInto')}
            value={into}
            options={[
              { value: 'en', label: say('english') },
              { value: 'zh', label: say('chinese') },
            ]}
            onChange={setInto}
          />
          <Button
            look="primary"
            disabled={!generates || blocks.length === 0}
            busy={job?.status === 'running'}
            onClick={() => void start(into, blocks).then(setStarted, setError)}
          >
            {say('translate')}
          </Button>
        </div>
        <ProblemNote error={error ?? (job?.errorText ? new Error(job.errorText) : null)} />
        {job?.parts.map((part, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their place
            key={at}
            className="grid gap-3 border-t border-hair pt-3 md:grid-cols-2"
          >
            <section aria-label={say('original')} className="text-soft">
              <Markdown text={part.title} citations={[]} />
            </section>
            <section aria-label={say('translation')} aria-live="polite">
              <Markdown text={part.text} citations={[]} streaming={part.status === 'writing'} />
            </section>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
