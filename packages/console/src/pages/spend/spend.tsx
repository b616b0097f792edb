import { useMemo, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, Choices } from '../../ui/button.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { Budgets } from './budgets.tsx';
import { DayBars } from './day-bars.tsx';
import { spendByDay, spendByGroup, totalSpend } from './sum-spend.ts';
import { spendWords } from './words.ts';

const dayMs = 86_400_000;
const periods = ['7', '30', '90'] as const;
const groups = ['app', 'model', 'person'] as const;

/** Where the money went, by app, model, person and day; and what limits it. */
export default function SpendPage() {
  const say = useWords(spendWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const { may } = useReader();
  const [filters, filter] = useFilters();
  const days = periods.find((each) => each === filters.days) ?? '30';
  const by = groups.find((each) => each === filters.by) ?? 'app';
  const [now] = useState(() => Date.now());
  const from = Math.floor(now / dayMs) * dayMs - (Number(days) - 1) * dayMs;
  const spend = useApi('GET /api/spend', { query: { from: String(from), bucket: 'day', by } });
  const people = useApi(
    'GET /api/people',
    { query: { limit: '500' } },
    { enabled: by === 'person' && may.includes('people'), staleTime: 60_000 },
  );
  const nameOf = useMemo(() => {
    const names = new Map((people.data?.items ?? []).map((person) => [person.id, person.name]));
    return (group: string) => names.get(group) ?? (group || say('direct'));
  }, [people.data, say]);
  const rows = spend.data?.rows ?? [];
  const currency = spend.data?.currency ?? 'USD';
  const total = totalSpend(rows, currency);
  const grouped = spendByGroup(rows);
  const save = () =>
    saveText(
      `myriad-spend-${by}.csv`,
      toCsv(
        ['day', by, 'runs', 'input tokens', 'output tokens', 'cost micros', 'currency', 'unpriced runs'],
        rows.map((row) => [
          new Date(row.time).toISOString().slice(0, 10),
          nameOf(row.group),
          row.runs,
          row.inputTokens,
          row.outputTokens,
          row.costMicros,
          row.currency,
          row.unpricedRuns,
        ]),
      ),
      'text/csv',
    );
  return (
    <PageFrame
      sentence={
        !spend.data
          ? say('sentence')
          : total.runs === 0
            ? say('nothing', { days })
            : say('spent', { cost: format.money(total.costMicros, currency), count: total.runs, days })
      }
      under={
        total.runs > 0 && (total.unpricedRuns > 0 ? say('unpriced', { count: total.unpricedRuns }) : say('allPriced'))
      }
      actions={<Button onClick={save}>{sayCommon('exportCsv')}</Button>}
    >
      <div className="flex flex-wrap gap-3">
        <Choices
          label={say('period')}
          value={days}
          onChange={(value) => filter({ days: value })}
          options={periods.map((value) => ({ value, label: say('days', { count: value }) }))}
        />
        <Choices
          label={say('by')}
          value={by}
          onChange={(value) => filter({ by: value })}
          options={groups.map((value) => ({ value, label: say(`by_${value}`) }))}
        />
      </div>
      <ProblemNote error={spend.error} onRetry={() => void spend.refetch()} />
      {spend.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
      {spend.data && (
        <>
          <Card title={say('perDay')} note={currency}>
            <DayBars days={spendByDay(rows, currency, from, now)} currency={currency} />
          </Card>
          {grouped.length > 0 && (
            <Card flush>
              <Table
                caption={say(`by_${by}`)}
                rows={grouped}
                rowKey={(row) => `${row.group} ${row.currency}`}
                columns={[
                  {
                    key: 'group',
                    title: say(`by_${by}`),
                    cell: (row) => <span className="font-medium break-all">{nameOf(row.group)}</span>,
                  },
                  { key: 'runs', title: say('runs'), number: true, cell: (row) => format.number(row.runs) },
                  {
                    key: 'tokens',
                    title: say('tokens'),
                    number: true,
                    wideOnly: true,
                    cell: (row) => format.compact(row.tokens),
                  },
                  {
                    key: 'cost',
                    title: say('cost'),
                    number: true,
                    cell: (row) =>
                      row.unpricedRuns === row.runs ? (
                        <span className="text-soft">{sayCommon('unpriced')}</span>
                      ) : (
                        format.money(row.costMicros, row.currency)
                      ),
                  },
                  {
                    key: 'share',
                    title: say('share'),
                    number: true,
                    wideOnly: true,
                    cell: (row) => (
                      <Share
                        ratio={
                          row.currency === currency && total.costMicros > 0 ? row.costMicros / total.costMicros : 0
                        }
                      />
                    ),
                  },
                ]}
              />
            </Card>
          )}
        </>
      )}
      <Budgets />
    </PageFrame>
  );
}

function Share({ ratio }: { readonly ratio: number }) {
  const format = useFormat();
  return (
    <span className="inline-flex items-center gap-2">
      {format.percent(ratio)}
      <span aria-hidden="true" className="inline-block h-1.5 w-[76px] overflow-hidden rounded-[3px] bg-hair">
        <span className="block h-full bg-data" style={{ width: `${ratio * 100}%` }} />
      </span>
    </span>
  );
}
