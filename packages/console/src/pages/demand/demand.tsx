import type { DemandCluster } from '@myriad/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useApi, useSend } from '../../api/use-api.ts';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, Choices } from '../../ui/button.tsx';
import { CodeSample } from '../../ui/code-sample.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { demandWords } from './words.ts';

const periods = ['7', '30', '90'] as const;

/** What people asked for and no app served well, with a draft of the app that could. */
export default function DemandPage() {
  const say = useWords(demandWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [filters, filter] = useFilters();
  const days = periods.find((each) => each === filters.days) ?? '30';
  const answer = useApi('GET /api/cockpit/demand', { query: { days } });
  const clusters = answer.data?.clusters ?? [];
  const save = () =>
    saveText(
      'myriad-demand.csv',
      toCsv(
        ['asked for', 'times', 'people', 'found nothing', 'rated down', 'failed', 'asked again', 'stopped', 'last'],
        clusters.map(({ title, count, people, reasons, lastTime }) => [
          ...[title, count, people, reasons.notFound, reasons.thumbsDown, reasons.errors],
          ...[reasons.rephrased, reasons.abandoned],
          new Date(lastTime).toISOString(),
        ]),
      ),
      'text/csv',
    );
  return (
    <PageFrame
      sentence={
        !answer.data
          ? say('loading')
          : clusters.length === 0
            ? say('none', { days })
            : say('sentence', { days, questions: format.number(answer.data.questions), count: clusters.length })
      }
      under={say('under')}
      actions={<Button onClick={save}>{sayCommon('exportCsv')}</Button>}
    >
      <div>
        <Choices
          label={say('period')}
          value={days}
          onChange={(value) => filter({ days: value })}
          options={periods.map((value) => ({ value, label: say('days', { count: value }) }))}
        />
      </div>
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
      {clusters.map((cluster) => (
        <Cluster key={cluster.id} cluster={cluster} />
      ))}
    </PageFrame>
  );
}

function Cluster({ cluster }: { readonly cluster: DemandCluster }) {
  const say = useWords(demandWords);
  const format = useFormat();
  const navigate = useNavigate();
  const { may } = useReader();
  const create = useSend('POST /api/apps', ['GET /api/apps']);
  const draft = () =>
    create.mutate(
      { body: { source: cluster.draftManifest } },
      {
        onSuccess: ({ app }) => {
          tell(say('created', { name: app.name }));
          void navigate({ to: '/app/$name', params: { name: app.name } as never });
        },
      },
    );
  return (
    <Card
      title={<span className="text-[15px]">{cluster.title}</span>}
      note={say('asked', {
        count: format.number(cluster.count),
        people: format.number(cluster.people),
        ago: format.ago(cluster.lastTime),
      })}
    >
      <p className="text-soft">{say('reasons', { ...cluster.reasons })}</p>
      <ul aria-label={say('examples')} className="my-2 grid gap-1 border-l-2 border-line pl-3">
        {cluster.examples.map(({ text, time }) => (
          <li key={`${time} ${text}`}>{text}</li>
        ))}
      </ul>
      <ProblemNote error={create.error} />
      <details className="print:hidden">
        <summary className="min-h-8 py-1 text-soft">{say('draft')}</summary>
        <CodeSample title={say('draft')} code={cluster.draftManifest} />
      </details>
      {may.includes('build') && (
        <Button
          className="mt-2 print:hidden"
          aria-label={`${say('create')}: ${cluster.title}`}
          busy={create.isPending}
          onClick={draft}
        >
          {say('create')}
        </Button>
      )}
    </Card>
  );
}
