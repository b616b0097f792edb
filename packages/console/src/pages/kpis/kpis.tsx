import type { KpiDefinition } from '@myriad/contracts';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { SampleMark } from '../../cockpit/verdict-chip.tsx';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { KpiDialog } from './kpi-dialog.tsx';
import { QualityCard } from './quality-card.tsx';
import { kpiWords } from './words.ts';

const csvOf = (rows: readonly KpiDefinition[]) =>
  toCsv(
    ['name', 'version', 'type', 'direction', 'unit', 'window ms', 'value micros', 'currency', 'cap', 'owner', 'role'],
    rows.map((kpi) => [
      ...[kpi.name, kpi.version, kpi.type, kpi.direction, kpi.unit, kpi.windowMs],
      ...[kpi.valueMicrosPerUnit, kpi.currency, kpi.cap, kpi.owner, kpi.role],
    ]),
  );

/** The registry: what counts, which way is better, what a unit is worth, who answers for it. */
export default function KpisPage() {
  const say = useWords(kpiWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const format = useFormat();
  const { may } = useReader();
  const answer = useApi('GET /api/kpis');
  const rows = answer.data?.items ?? [];
  const [open, setOpen] = useState<KpiDefinition | 'new' | null>(null);
  const mayChange = may.includes('settings');
  const define = mayChange && (
    <Button look="primary" onClick={() => setOpen('new')}>
      {say('define')}
    </Button>
  );
  return (
    <PageFrame
      sentence={
        !answer.data
          ? say('loading')
          : rows.length === 0
            ? say('none')
            : say('sentence', {
                count: rows.length,
                valued: rows.filter(({ valueMicrosPerUnit }) => valueMicrosPerUnit !== null).length,
                guardrails: rows.filter(({ role }) => role === 'guardrail').length,
              })
      }
      under={say('under')}
      actions={
        <>
          <Button onClick={() => saveText('myriad-kpis.csv', csvOf(rows), 'text/csv')}>{sayCommon('exportCsv')}</Button>
          {rows.length > 0 && define}
        </>
      }
    >
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
      {answer.data && rows.length === 0 && (
        <Card>
          <Empty title={say('none')} action={define}>
            {say('under')}
          </Empty>
        </Card>
      )}
      {rows.length > 0 && (
        <Card flush>
          <Table
            caption={say('name')}
            rows={rows}
            rowKey={({ name }) => name}
            columns={[
              {
                key: 'name',
                title: say('name'),
                cell: (kpi) => (
                  <>
                    <span className="font-medium">
                      {kpi.title[language]} {kpi.direction === 'decrease' ? '↓' : '↑'}
                    </span>
                    <SampleMark sample={kpi.sample} />
                    <code className="block font-mono text-small text-soft">{kpi.name}</code>
                  </>
                ),
              },
              { key: 'type', title: say('type'), cell: ({ type, unit }) => `${say(`type_${type}`)} · ${unit}` },
              {
                key: 'worth',
                title: say('worth'),
                number: true,
                cell: ({ valueMicrosPerUnit, currency }) =>
                  valueMicrosPerUnit === null || currency === null ? (
                    <span className="text-soft">{say('noWorth')}</span>
                  ) : (
                    format.money(valueMicrosPerUnit, currency)
                  ),
              },
              { key: 'role', title: say('role'), cell: ({ role }) => say(`role_${role}`) },
              { key: 'owner', title: say('owner'), wideOnly: true, cell: ({ owner }) => owner || say('noWorth') },
              {
                key: 'state',
                title: say('versions'),
                cell: (kpi) => (
                  <>
                    {say('version', { version: kpi.version })}
                    <span className="block text-small text-soft">
                      {kpi.source === 'manifest'
                        ? say('fromManifest')
                        : kpi.frozenAt === null
                          ? say('open')
                          : say('frozen', { time: format.day(kpi.frozenAt) })}
                    </span>
                  </>
                ),
              },
              {
                key: 'change',
                title: <span className="sr-only">{say('change')}</span>,
                cell: (kpi) =>
                  mayChange && (
                    <Button
                      className="print:hidden"
                      aria-label={`${say('change')}: ${kpi.title[language]}`}
                      onClick={() => setOpen(kpi)}
                    >
                      {say('change')}
                    </Button>
                  ),
              },
            ]}
          />
        </Card>
      )}
      <QualityCard />
      {open !== null && <KpiDialog kpi={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </PageFrame>
  );
}
