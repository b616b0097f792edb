import type { WenkuJob, WenkuReading } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { refreshRoutes, useApi } from '../../api/use-api.ts';
import { Markdown } from '../../chat/markdown.tsx';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { tell } from '../../ui/toast.tsx';
import { TranslateDialog } from '../../wenku/translate-dialog.tsx';
import { useJob } from '../../wenku/use-job.ts';
import { wenkuWords } from '../../wenku/words.ts';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A file that is read: outline, summary, figures and tables beside its text, and questions answered from it. */
export default function WenkuReadingPage() {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const navigate = useNavigate();
  const { node } = useReader();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const [tab, setTab] = useState('summary');
  const [place, setPlace] = useState<Place | null>(null);
  const [translating, setTranslating] = useState(false);
  const found = useApi('GET /api/wenku-readings/:id', { params: { id } }, { staleTime: 60_000 });
  const reading = found.data;
  const waiting = reading?.document.status === 'queued' || reading?.document.status === 'parsing';
  const { refetch } = found;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void refetch(), 700);
    return () => clearInterval(timer);
  }, [waiting, refetch]);
  const edit = async () => {
    try {
      const { document } = await myriad.call('POST /api/wenku-readings/:id/document', { params: { id } });
      await navigate({ to: `/wenku/${document.id}` });
    } catch (error) {
      tell(sentenceOf(error));
    }
  };
  const go = (to: Place) => setPlace({ ...to });
  return (
    <PageFrame
      wide
      sentence={say('readingSentence', { name: reading?.document.name ?? say('reading') })}
      under={
        <Link to="/wenku" search={{ scope: 'reading' } as never}>
          ‹ {say('library')}
        </Link>
      }
      actions={
        reading?.document.status === 'ready' && (
          <>
            <Button onClick={() => void edit()}>{say('edit')}</Button>
            <Button onClick={() => setTranslating(true)}>{say('translate')}</Button>
          </>
        )
      }
    >
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Waiting label={sayCommon('loading')} />}
      {waiting && <p role="status">{say('beingRead')}</p>}
      {reading?.document.status === 'failed' && (
        <p role="alert" className="text-bad">
          {say('readFailed', { reason: reading.document.reason ?? '' })}
        </p>
      )}
      {reading?.document.status === 'ready' && (
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
          <div className="min-w-0">
            <Tabs
              value={tab}
              onChange={setTab}
              tabs={[
                { value: 'summary', label: say('summary'), content: <Summary reading={reading} onGo={go} /> },
                { value: 'ask', label: say('ask'), content: <Ask id={id} onGo={go} /> },
                { value: 'outline', label: say('outline'), content: <Outline reading={reading} onGo={go} /> },
                { value: 'figures', label: say('figures'), content: <Figures reading={reading} onGo={go} /> },
                { value: 'tables', label: say('tables'), content: <Tables reading={reading} onGo={go} /> },
              ]}
            />
          </div>
          <ReadingText reading={reading} place={place} />
        </div>
      )}
      {translating && reading && (
        <TranslateDialog
          title={`${reading.document.name} (${say('translation')})`}
          from={reading.document.language === 'zh' ? 'zh' : 'en'}
          generates={node.generates}
          blocks={reading.text.split(/\n{2,}/).filter((text) => text.trim() !== '')}
          start={(into, blocks) =>
            myriad.call('POST /api/wenku-readings/:id/jobs', {
              params: { id },
              body: { kind: 'translate', into, blocks },
            })
          }
          onClose={() => setTranslating(false)}
        />
      )}
    </PageFrame>
  );
}

interface PartProps {
  readonly reading: WenkuReading;
  readonly onGo: (place: Place) => void;
}

function Anchor({ page, onGo }: { readonly page: number | null; readonly onGo: () => void }) {
  const say = useWords(wenkuWords);
  return (
    <button
      type="button"
      onClick={onGo}
      className="text-small whitespace-nowrap text-data underline underline-offset-2"
    >
      {page === null ? say('goTo') : say('pageMark', { page })}
    </button>
  );
}

function Summary({ reading, onGo }: PartProps) {
  const say = useWords(wenkuWords);
  return (
    <Card note={say('summaryUnder')} title={say('summary')}>
      {reading.summary.length === 0 && <p className="text-soft">{say('noSummary')}</p>}
      <ul className="grid gap-3 text-answer">
        {reading.summary.map((sentence) => (
          <li key={sentence.start}>
            {sentence.text} <Anchor page={sentence.page} onGo={() => onGo(sentence)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Outline({ reading, onGo }: PartProps) {
  const say = useWords(wenkuWords);
  return (
    <Card>
      {reading.outline.length === 0 && <p className="text-soft">{say('noOutline')}</p>}
      <ul className="grid gap-1">
        {reading.outline.map((heading) => (
          <li
            key={heading.start}
            className="flex items-baseline gap-3"
            style={{ paddingLeft: (heading.level - 1) * 16 }}
          >
            <span className="min-w-0 flex-1">{heading.title}</span>
            <Anchor page={heading.page} onGo={() => onGo(heading)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Figures({ reading, onGo }: PartProps) {
  const say = useWords(wenkuWords);
  return (
    <Card>
      {reading.figures.length === 0 && <p className="text-soft">{say('noFigures')}</p>}
      <ul className="grid gap-3">
        {reading.figures.map((figure) => (
          <li key={figure.start}>
            <span className="text-[16px] font-semibold">{figure.value}</span>{' '}
            <Anchor page={figure.page} onGo={() => onGo(figure)} />
            <p className="text-soft">{figure.sentence}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Tables({ reading, onGo }: PartProps) {
  const say = useWords(wenkuWords);
  return (
    <>
      {reading.tables.length === 0 && <p className="text-soft">{say('noTables')}</p>}
      {reading.tables.map((table, at) => (
        <Card
          key={table.start}
          title={say('tableOf', { number: at + 1 })}
          note={<Anchor page={table.page} onGo={() => onGo(table)} />}
        >
          <ScrollRegion label={say('tableOf', { number: at + 1 })}>
            <table className="w-full border-collapse text-small">
              <tbody>
                {table.rows.map((row, y) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
                  <tr key={y} className={y === 0 ? 'font-semibold' : ''}>
                    {row.map((cell, x) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
                      <td key={x} className="border-b border-hair px-2 py-1.5 align-top">
                        {cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </Card>
      ))}
    </>
  );
}

function Ask({ id, onGo }: { readonly id: string; readonly onGo: (place: Place) => void }) {
  const say = useWords(wenkuWords);
  const queries = useQueryClient();
  const [question, setQuestion] = useState('');
  const [started, setStarted] = useState<WenkuJob | null>(null);
  const [error, setError] = useState<unknown>(null);
  const before = useApi('GET /api/wenku-readings/:id/jobs', { params: { id } });
  const live = useJob(started, () => {
    setStarted(null);
    void refreshRoutes(queries, ['GET /api/wenku-readings/:id/jobs']);
  });
  const asked = (before.data?.items ?? []).filter(({ kind, id: own }) => kind === 'ask' && own !== started?.id);
  const shown = started && live ? [live, ...asked] : asked;
  return (
    <>
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (question.trim() === '') return;
          setError(null);
          myriad
            .call('POST /api/wenku-readings/:id/jobs', { params: { id }, body: { kind: 'ask', text: question } })
            .then((job) => {
              setQuestion('');
              setStarted(job);
            }, setError);
        }}
      >
        <div className="flex-1">
          <TextField label={say('askLabel')} value={question} onChange={(event) => setQuestion(event.target.value)} />
        </div>
        <Button look="primary" type="submit" busy={started !== null}>
          {say('askNow')}
        </Button>
      </form>
      <ProblemNote error={error ?? before.error} />
      {shown.length === 0 && <Empty title={say('askEmpty')}>{null}</Empty>}
      {shown.map((job) => {
        const part = job.parts[0];
        return (
          <Card key={job.id} title={job.input.text}>
            <div aria-live="polite">
              {job.status === 'running' && part?.text === '' && <p className="text-soft">{say('answering')}</p>}
              <Markdown
                text={part?.text ?? ''}
                citations={part?.citations ?? []}
                streaming={job.status === 'running'}
                onCite={(number) => {
                  const citation = part?.citations.find((each) => each.number === number);
                  if (citation) onGo(citation);
                }}
              />
              {job.errorText && <p className="text-bad">{job.errorText}</p>}
            </div>
          </Card>
        );
      })}
    </>
  );
}

/** The extracted text with its pages; the place that is asked for is marked and brought into view. */
function ReadingText({ reading, place }: { readonly reading: WenkuReading; readonly place: Place | null }) {
  const say = useWords(wenkuWords);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place) mark.current?.scrollIntoView({ block: 'center' });
  }, [place]);
  const { text } = reading;
  const starts = reading.pageStarts.length > 0 ? reading.pageStarts : [0];
  return (
    <section
      aria-label={say('documentText')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="scrollbar-quiet max-h-[78dvh] min-w-0 overflow-y-auto rounded-card border border-line bg-card lg:sticky lg:top-6"
    >
      {starts.map((start, at) => {
        const end = starts[at + 1] ?? text.length;
        const from = place ? Math.max(start, Math.min(end, place.start)) : start;
        const to = place ? Math.max(start, Math.min(end, place.end)) : start;
        return (
          <div key={start} className="border-b border-hair px-5 py-4 last:border-b-0">
            {reading.pageStarts.length > 0 && (
              <p className="mb-2 text-tiny text-soft">{say('pageMark', { page: at + 1 })}</p>
            )}
            <p className="text-answer break-words whitespace-pre-wrap">
              {text.slice(start, from)}
              {to > from && <mark ref={mark}>{text.slice(from, to)}</mark>}
              {text.slice(Math.max(from, to), end)}
            </p>
          </div>
        );
      })}
    </section>
  );
}
