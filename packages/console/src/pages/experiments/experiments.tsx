import type { ExperimentRow } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useRound } from '../../cockpit/use-round.ts';
import { SampleMark, VerdictChip } from '../../cockpit/verdict-chip.tsx';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { ExperimentActions } from './experiment-actions.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { experimentWords } from './words.ts';

const dayMs = 86_400_000;

const csvOf = (rows: readonly ExperimentRow[]) =>
  toCsv(
    ['experiment', 'app', 'kpi', 'holdout', 'units', 'units a day', 'started', 'verdict', 'status', 'ms to verdict'],
    rows.map((row) => [
      ...[row.experiment, row.app, row.kpi, row.holdoutRatio, row.units, row.unitsPerDay],
      row.startedAt === null ? null : new Date(row.startedAt).toISOString(),
      ...[row.verdict, row.status, row.timeToVerdictMs],
    ]),
  );

/** Every experiment with its plan and its time to a verdict. */
export default function ExperimentsPage() {
  const say = useWords(experimentWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const round = useRound();
  const { may } = useReader();
  const [planning, setPlanning] = useState(false);
  const answer = useApi('GET /api/cockpit/experiments', {}, { refetchInterval: 30_000 });
  const rows = answer.data?.items ?? [];
  const count = (status: ExperimentRow['status']) => rows.filter((row) => row.status === status).length;
  return (
    <PageFrame
      sentence={
        !answer.data
          ? say('loading')
          : rows.length === 0
            ? say('none')
            : say('sentence', {
                count: rows.length,
                decided: count('decided'),
                early: count('running') + count('waiting'),
                blocked: count('blocked'),
              })
      }
      under={say('under')}
      actions={
        <>
          <Link to="/cockpit/health" className={buttonClass('quiet')}>
            {say('health')}
          </Link>
          {may.includes('settings') && (
            <Button look="primary" onClick={() => setPlanning(true)}>
              {say('start')}
            </Button>
          )}
          <Button onClick={() => saveText('myriad-experiments.csv', csvOf(rows), 'text/csv')}>
            {sayCommon('exportCsv')}
          </Button>
        </>
      }
    >
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
      {answer.data && rows.length === 0 && (
        <Card>
          <Empty
            title={say('none')}
            action={
              <Link to="/apps" className={buttonClass('primary')}>
                {say('toApps')}
              </Link>
            }
          >
            {say('emptyText')}
          </Empty>
        </Card>
      )}
      {rows.length > 0 && (
        <Card flush>
          <Table
            caption={say('loading')}
            rows={rows}
            rowKey={({ experiment }) => experiment}
            columns={[
              {
                key: 'app',
                title: say('app'),
                cell: (row) => (
                  <>
                    <Link
                      to="/cockpit/apps/$app"
                      params={{ app: row.app } as never}
                      className="font-medium underline decoration-line underline-offset-4"
                    >
                      {row.app}
                    </Link>
                    <SampleMark sample={row.sample} />
                    <span className="block text-small text-soft">
                      {row.kpi} · v{row.kpiVersion}
                    </span>
                  </>
                ),
              },
              {
                key: 'state',
                title: say('state'),
                cell: (row) => (
                  <>
                    <VerdictChip verdict={row.verdict} blocked={row.status === 'blocked'} />
                    <span className="block text-small text-soft">
                      {row.status === 'running' || row.status === 'waiting'
                        ? round.wait(row.timeToVerdictMs)
                        : say(`s_${row.status}`)}
                    </span>
                    {may.includes('settings') && <ExperimentActions row={row} />}
                  </>
                ),
              },
              {
                key: 'plan',
                title: say('plan'),
                cell: (row) => (
                  <span className="block min-w-[220px]">
                    {say('planText', {
                      holdout: round.percent(row.holdoutRatio),
                      baseline: row.baseline,
                      treatment: row.treatment,
                      days: format.number(Math.round(row.windowMs / dayMs)),
                    })}
                    {row.guardrails.length > 0 && (
                      <span className="block text-small text-soft">
                        {say('guardrails', { names: row.guardrails.join(', ') })}
                      </span>
                    )}
                  </span>
                ),
              },
              {
                key: 'people',
                title: say('people'),
                number: true,
                cell: (row) => (
                  <>
                    {format.number(row.units)}
                    <span className="block text-small text-soft">
                      {say('perDay', { count: round.number(row.unitsPerDay) })}
                    </span>
                  </>
                ),
              },
              {
                key: 'started',
                title: say('started'),
                wideOnly: true,
                cell: (row) => (row.startedAt === null ? say('notStarted') : format.day(row.startedAt)),
              },
            ]}
          />
        </Card>
      )}
      {planning && <PlanDialog onClose={() => setPlanning(false)} />}
    </PageFrame>
  );
}
