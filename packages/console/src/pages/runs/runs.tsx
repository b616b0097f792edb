import type { RunRecord } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { exportPages } from '../../api/export-pages.ts';
import { useApi, usePages } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { RunStatusChip } from './run-status.tsx';
import { runsWords } from './words.ts';

const dayMs = 86_400_000;
const periodMs: Readonly<Record<string, number>> = { hour: 3_600_000, day: dayMs, week: 7 * dayMs };
const roundMs = 60_000;
const surfaces = ['page', 'openai', 'anthropic', 'mcp', 'cli', 'eval', 'system'] as const;
const statuses = ['ok', 'error', 'refused', 'aborted', 'lost'] as const;
/** Columns of a row on wide screens; on narrow ones the parts wrap. */
const columns = 'md:grid md:grid-cols-[150px_minmax(0,1.4fr)_110px_minmax(0,1fr)_90px_90px_70px]';

/** Every run, filtered by the address, newest first. */
export default function RunsPage() {
  const say = useWords(runsWords);
  const sayCommon = useWords(common);
  const [filters, filter] = useFilters();
  const [exporting, setExporting] = useState(false);
  const { app = '', status = '', surface = '', period = '', model = '', person = '' } = filters;
  const query = useMemo(() => {
    const span = periodMs[period];
    const from = span === undefined ? '' : String(Math.floor((Date.now() - span) / roundMs) * roundMs);
    return { app, status, surface, model, person, from };
  }, [app, status, surface, model, person, period]);
  const list = usePages('GET /api/runs', { query });
  const apps = useApi('GET /api/apps', { query: { limit: '200' } }, { staleTime: 60_000 });
  const filtered = Object.values(query).some((value) => value !== '');

  const save = () => {
    setExporting(true);
    exportPages<RunRecord>(
      'myriad-runs',
      [
        'id',
        'time',
        'app',
        'version',
        'surface',
        'person',
        'unit',
        'variant',
        'status',
        'error',
        'model',
        'input tokens',
        'output tokens',
        'cost micros',
        'currency',
        'ms',
      ],
      (cursor) => myriad.call('GET /api/runs', { query: { ...query, limit: '500', ...(cursor ? { cursor } : {}) } }),
      (run) => [
        run.id,
        new Date(run.startedAt).toISOString(),
        run.appName,
        run.version,
        run.surface,
        run.personId,
        run.unit,
        run.delivered,
        run.status,
        run.errorCode,
        run.model,
        run.usage.inputTokens,
        run.usage.outputTokens,
        run.costMicros,
        run.currency,
        run.finishedAt - run.startedAt,
      ],
    )
      .then((count) => tell(say('exported', { count })))
      .catch((error: unknown) => tell(sentenceOf(error)))
      .finally(() => setExporting(false));
  };

  return (
    <PageFrame
      wide
      sentence={<DaySentence />}
      under={list.items[0] && !filtered && <Newest run={list.items[0]} />}
      actions={
        <Button busy={exporting} onClick={save}>
          {exporting ? say('exporting') : sayCommon('exportCsv')}
        </Button>
      }
    >
      <div className="grid grid-cols-2 gap-3 md:grid-cols-[repeat(4,minmax(0,200px))_auto]">
        <SelectField
          quiet
          label={say('app')}
          value={app}
          onChange={(event) => filter({ app: event.target.value })}
          options={[
            { value: '', label: say('anyApp') },
            ...(apps.data?.items ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <SelectField
          quiet
          label={say('status')}
          value={status}
          onChange={(event) => filter({ status: event.target.value })}
          options={[
            { value: '', label: say('anyStatus') },
            ...statuses.map((value) => ({ value, label: sayCommon(`run_${value}`) })),
          ]}
        />
        <SelectField
          quiet
          label={say('surface')}
          value={surface}
          onChange={(event) => filter({ surface: event.target.value })}
          options={[
            { value: '', label: say('anySurface') },
            ...surfaces.map((value) => ({ value, label: say(`surface_${value}`) })),
          ]}
        />
        <SelectField
          quiet
          label={say('period')}
          value={period}
          onChange={(event) => filter({ period: event.target.value })}
          options={[
            { value: '', label: say('period_all') },
            ...(['hour', 'day', 'week'] as const).map((value) => ({ value, label: say(`period_${value}`) })),
          ]}
        />
        {filtered && (
          <Button
            look="quiet"
            onClick={() => filter({ app: '', status: '', surface: '', period: '', model: '', person: '' })}
          >
            {say('clear')}
          </Button>
        )}
      </div>
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      <Card flush>
        {list.isPending && <Waiting label={sayCommon('loading')} rows={8} />}
        {list.isSuccess && list.items.length === 0 && (
          <Empty title={say(filtered ? 'noMatch' : 'empty')}>{!filtered && say('emptyUnder')}</Empty>
        )}
        {list.items.length > 0 && (
          <>
            <div
              aria-hidden="true"
              className={`hidden gap-x-3 border-b border-line px-[18px] py-1.5 text-small font-medium text-soft ${columns}`}
            >
              <span>{say('when')}</span>
              <span>{say('app')}</span>
              <span>{say('status')}</span>
              <span>{say('model')}</span>
              <span className="text-right">{say('tokens')}</span>
              <span className="text-right">{say('cost')}</span>
              <span className="text-right">{say('took')}</span>
            </div>
            <VirtualList
              label={say('list')}
              items={list.items}
              itemKey={({ id }) => id}
              estimatePx={42}
              more={list.hasNextPage}
              onMore={() => void list.fetchNextPage()}
            >
              {(run) => <Row run={run} />}
            </VirtualList>
          </>
        )}
      </Card>
    </PageFrame>
  );
}

/** What the last day held, of all runs, whatever the filters are. */
function DaySentence() {
  const say = useWords(runsWords);
  const format = useFormat();
  const [from] = useState(() => String(Date.now() - dayMs));
  const spend = useApi('GET /api/spend', { query: { from, bucket: 'day' } }, { staleTime: 30_000 });
  if (!spend.data) return say('sentence');
  const rows = spend.data.rows;
  const runs = rows.reduce((sum, row) => sum + row.runs, 0);
  if (runs === 0) return say('dayNone');
  const cost = rows.reduce((sum, row) => sum + (row.currency === spend.data.currency ? row.costMicros : 0), 0);
  return say('day', { count: runs, cost: format.money(cost, spend.data.currency) });
}

function Newest({ run }: { readonly run: RunRecord }) {
  const say = useWords(runsWords);
  const format = useFormat();
  return say('newest', { ago: format.ago(run.startedAt) });
}

function Row({ run }: { readonly run: RunRecord }) {
  const say = useWords(runsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  return (
    <Link
      to={`/runs/${run.id}`}
      className={`grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 border-b border-hair px-[18px] py-2.5 hover:bg-paper focus-visible:-outline-offset-2 ${columns}`}
    >
      <time
        dateTime={new Date(run.startedAt).toISOString()}
        className="order-3 whitespace-nowrap text-small text-soft md:order-none md:text-base"
      >
        {format.time(run.startedAt)}
      </time>
      <span className="order-1 min-w-0 truncate md:order-none">
        <span className="font-medium">{run.appName}</span>{' '}
        <span className="text-small text-soft">{say(`surface_${run.surface}`)}</span>
      </span>
      <span className="order-2 justify-self-end md:order-none md:justify-self-start">
        <RunStatusChip status={run.status} />
      </span>
      <span className="hidden min-w-0 truncate text-soft md:inline">{run.model ?? '—'}</span>
      <span className="hidden text-right md:inline">
        {format.compact(run.usage.inputTokens + run.usage.outputTokens)}
      </span>
      <span className="order-4 text-right whitespace-nowrap md:order-none">
        {run.costMicros === null ? (
          <span className="text-soft">{sayCommon('unpriced')}</span>
        ) : (
          format.money(run.costMicros, run.currency)
        )}
      </span>
      <span className="hidden text-right whitespace-nowrap md:inline">
        {format.duration(run.finishedAt - run.startedAt)}
      </span>
    </Link>
  );
}
