import { useApi, useSend } from '../../api/use-api.ts';
import { useRound } from '../../cockpit/use-round.ts';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Facts, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { healthWords } from './words.ts';

/** Whether the measurement can be believed: the A/A error, the log, and the sums recomputed from it. */
export default function CockpitHealthPage() {
  const say = useWords(healthWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const round = useRound();
  const { may } = useReader();
  const answer = useApi('GET /api/cockpit/health');
  const replay = useSend('POST /api/cockpit/replay');
  const { data } = answer;
  const aa = data?.aa;
  const save = () =>
    saveText(
      'myriad-aa.csv',
      toCsv(
        ['experiment', 'units', 'p'],
        (aa?.rows ?? []).map(({ experiment, units, pValue }) => [experiment, units, pValue]),
      ),
      'text/csv',
    );
  return (
    <PageFrame
      sentence={
        !aa
          ? say('loading')
          : aa.comparisons === 0
            ? say('none')
            : say(aa.failed ? 'bad' : 'good', {
                count: format.number(aa.comparisons),
                alarms: aa.alarms,
                ratio: round.percent(aa.errorRatio),
                level: round.percent(aa.level),
              })
      }
      under={say('under')}
      actions={<Button onClick={save}>{sayCommon('exportCsv')}</Button>}
    >
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
      {data && (
        <>
          {data.aa.rows.length > 0 && (
            <Card flush title={say('rows')}>
              <Table
                caption={say('rows')}
                rows={data.aa.rows}
                rowKey={({ experiment }) => experiment}
                columns={[
                  { key: 'experiment', title: say('experiment'), cell: ({ experiment }) => experiment },
                  { key: 'units', title: say('units'), number: true, cell: ({ units }) => format.number(units) },
                  { key: 'p', title: say('p'), number: true, cell: ({ pValue }) => round.number(pValue) },
                ]}
              />
            </Card>
          )}
          <Card title={say('log')}>
            <Facts
              items={[
                [say('events'), format.number(data.log.events)],
                [say('exposures'), format.number(data.log.exposures)],
                [say('lag'), data.log.lagMs === null ? sayCommon('notYetKnown') : format.duration(data.log.lagMs)],
                [say('unknown'), format.number(data.unknownUnits)],
                [
                  say('fingerprint'),
                  <code key="hash" className="font-mono text-small break-all">
                    {data.fingerprint}
                  </code>,
                ],
              ]}
            />
            {may.includes('settings') && (
              <div className="mt-3 flex flex-wrap items-center gap-3">
                <Button busy={replay.isPending} onClick={() => replay.mutate({})}>
                  {say('replay')}
                </Button>
                <p role="status" className="text-soft">
                  {!replay.data
                    ? say('replayUnder')
                    : replay.data.identical
                      ? say('same', {
                          events: format.number(replay.data.events),
                          exposures: format.number(replay.data.exposures),
                          took: format.duration(replay.data.tookMs),
                        })
                      : say('different')}
                </p>
              </div>
            )}
            <ProblemNote error={replay.error} />
          </Card>
        </>
      )}
    </PageFrame>
  );
}
