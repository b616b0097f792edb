import type { KpiQualityRow } from '@myriad/contracts';
import { useApi } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { useWords } from '../../words/define-words.ts';
import { qualityWords } from './quality-words.ts';

/** What came in for each KPI: how fresh, what was late or twice, and what was refused and why. */
export function QualityCard() {
  const say = useWords(qualityWords);
  const format = useFormat();
  const answer = useApi('GET /api/kpi/quality', {}, { refetchInterval: 10_000 });
  const rows = answer.data?.items ?? [];
  if (answer.error) return <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />;
  if (rows.length === 0) return null;
  const number = (key: 'accepted' | 'duplicates' | 'late' | 'ahead' | 'corrections') => ({
    key,
    title: say(key),
    number: true,
    wideOnly: key !== 'accepted',
    cell: (row: KpiQualityRow) => format.number(row[key]),
  });
  return (
    <Card title={say('title')} note={say('note')} flush>
      <Table
        caption={say('title')}
        rows={rows}
        rowKey={({ kpi }) => kpi}
        columns={[
          {
            key: 'kpi',
            title: say('kpi'),
            cell: ({ kpi, known }) => (
              <>
                {kpi === '' ? (
                  <span className="text-soft">{say('unnamed')}</span>
                ) : (
                  <code className="font-mono">{kpi}</code>
                )}
                {!known && kpi !== '' && <span className="block text-small text-soft">{say('unknownKpi')}</span>}
              </>
            ),
          },
          {
            key: 'last',
            title: say('last'),
            cell: ({ lastReceivedAt, lagMs }) =>
              lastReceivedAt === null ? (
                <span className="text-soft">{say('never')}</span>
              ) : (
                <>
                  {format.ago(lastReceivedAt)}
                  {lagMs !== null && (
                    <span className="block text-small text-soft">
                      {say('lag', { seconds: format.number(Math.round(lagMs / 1_000)) })}
                    </span>
                  )}
                </>
              ),
          },
          number('accepted'),
          number('duplicates'),
          number('late'),
          number('ahead'),
          number('corrections'),
          {
            key: 'unknownUnits',
            title: say('unknownUnits'),
            number: true,
            wideOnly: true,
            cell: ({ unknownUnits }) => (unknownUnits === null ? say('notJudged') : format.number(unknownUnits)),
          },
          {
            key: 'rejected',
            title: say('rejected'),
            cell: ({ rejected }) =>
              rejected.length === 0
                ? format.number(0)
                : rejected.map(({ code, count, sample }) => (
                    <span key={code} className="block text-small">
                      {format.number(count)} × <code>{code}</code>: {sample}
                    </span>
                  )),
          },
        ]}
      />
    </Card>
  );
}
