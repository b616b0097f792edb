import { docFromMarkdown, readOutline, slidesFromDoc } from '@myriad/builtin/wenku';
import type { WenkuContent, WenkuDocument, WenkuJob, WenkuOutlineItem } from '@myriad/contracts';
import { useState } from 'react';
import { myriad } from '../api/client.ts';
import { usePages } from '../api/use-api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckField, TextArea, TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/define-words.ts';
import { useJob } from './use-job.ts';
import { wenkuWords } from './words.ts';

const asText = (outline: readonly WenkuOutlineItem[]) =>
  outline.map(({ title, points }) => [title, ...points.map((point) => `- ${point}`)].join('\n')).join('\n\n');

/** Lines without a mark begin a section. */
const fromText = (text: string) => readOutline(text.replace(/^(?!\s*(?:[-*•]|#))\s*(\S)/gm, '## $1'));

/** Topic and sources to an outline, which the writer edits, and from there to a draft; or the outline itself, without a model. */
export function WriteDialog({
  document,
  generates,
  onClose,
  onStarted,
  onUse,
  onSources,
}: {
  readonly document: WenkuDocument;
  readonly generates: boolean;
  readonly onClose: () => void;
  readonly onStarted: (job: WenkuJob) => void;
  readonly onUse: (content: WenkuContent) => void;
  readonly onSources: (ids: readonly string[]) => Promise<void>;
}) {
  const say = useWords(wenkuWords);
  const [topic, setTopic] = useState(document.title);
  const [length, setLength] = useState(document.kind === 'deck' ? 8 : 6);
  const [outline, setOutline] = useState('');
  const [started, setStarted] = useState<WenkuJob | null>(null);
  const [error, setError] = useState<unknown>(null);
  const collections = usePages('GET /api/collections', { query: { prefix: 'library:' } });
  const job = useJob(started, (ended) => {
    if (ended.outline) setOutline(asText(ended.outline));
    if (ended.errorText) setError(new Error(ended.errorText));
  });
  const items = fromText(outline);
  const start = async (body: Parameters<typeof startJob>[1], then: (job: WenkuJob) => void) => {
    setError(null);
    try {
      then(await startJob(document.id, body));
    } catch (thrown) {
      setError(thrown);
    }
  };
  const live = job?.status === 'running' ? (job.parts[0]?.text ?? '') : outline;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say('write')}
      description={say('writeUnder')}
      footer={
        <>
          <Button disabled={items.length === 0} onClick={() => onUse(contentOf(document, items))}>
            {say('useOutline')}
          </Button>
          <Button
            look="primary"
            disabled={!generates || items.length === 0 || job?.status === 'running'}
            onClick={() =>
              void start({ kind: 'draft', outline: items, text: topic || document.title || '—' }, onStarted)
            }
          >
            {say('writeDraft')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {!generates && <p className="rounded-control bg-wait-soft px-3 py-2">{say('noModel')}</p>}
        <TextArea label={say('topic')} rows={2} value={topic} onChange={(event) => setTopic(event.target.value)} />
        <fieldset className="grid gap-1">
          <legend className="mb-1 text-small font-medium text-soft">{say('sources')}</legend>
          {collections.isSuccess && collections.items.length === 0 && <p className="text-soft">{say('noSources')}</p>}
          {collections.items.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name.replace(/^library:/, '')}
              checked={document.sources.includes(id)}
              onChange={(event) =>
                void onSources(
                  event.target.checked ? [...document.sources, id] : document.sources.filter((each) => each !== id),
                ).catch(setError)
              }
            />
          ))}
        </fieldset>
        <div className="flex items-end gap-3">
          <TextField
            label={say('length')}
            type="number"
            min={2}
            max={40}
            value={length}
            onChange={(event) => setLength(Number(event.target.value))}
          />
          <Button
            disabled={!generates || topic.trim() === ''}
            busy={job?.status === 'running'}
            onClick={() => void start({ kind: 'outline', text: topic, length }, setStarted)}
          >
            {job?.status === 'running' ? say('makingOutline') : say('makeOutline')}
          </Button>
        </div>
        <TextArea
          label={say('outlineEdit')}
          hint={`${say('outlineHint')} ${say('replaces')}`}
          rows={10}
          value={live}
          readOnly={job?.status === 'running'}
          onChange={(event) => setOutline(event.target.value)}
        />
        <ProblemNote error={error} />
      </div>
    </Dialog>
  );
}

type JobBody =
  | { readonly kind: 'outline'; readonly text: string; readonly length: number }
  | { readonly kind: 'draft'; readonly outline: readonly WenkuOutlineItem[]; readonly text: string };

const startJob = (id: string, body: JobBody) => myriad.call('POST /api/wenku/:id/jobs', { params: { id }, body });

/** The outline as it is: headings and lists, or slides. */
function contentOf({ kind, title }: WenkuDocument, items: readonly WenkuOutlineItem[]): WenkuContent {
  const markdown = [
    ...(title ? [`# ${title}`] : []),
    ...items.map(({ title: section, points }) => `## ${section}\n\n${points.map((point) => `- ${point}`).join('\n')}`),
  ].join('\n\n');
  const doc = docFromMarkdown(markdown);
  return kind === 'doc' ? doc : { type: 'deck', theme: 'paper', slides: slidesFromDoc(doc) };
}
