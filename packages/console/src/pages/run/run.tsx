import type { RunRecord } from '@myriad/contracts';
import { Link, useParams } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Card, Facts, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { failureWords } from '../../words/failures.ts';
import { RunStatusChip } from '../runs/run-status.tsx';
import { runsWords } from '../runs/words.ts';
import { RunCalls } from './run-calls.tsx';
import { Timeline } from './timeline.tsx';
import { runWords } from './words.ts';

/** One run: what happened and when, which model and why, what it took and cost. */
export default function RunPage() {
  const { run: id = '' } = useParams({ strict: false }) as { run?: string };
  const say = useWords(runWords);
  const sayCommon = useWords(common);
  const answer = useApi('GET /api/runs/:id', { params: { id } }, { staleTime: 300_000 });
  if (!answer.data) {
    return (
      <PageFrame sentence={say('sentence')}>
        {answer.error ? (
          <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <Waiting label={sayCommon('loading')} rows={8} />
        )}
      </PageFrame>
    );
  }
  return <Trace run={answer.data} />;
}

function Trace({ run }: { readonly run: RunRecord }) {
  const say = useWords(runWords);
  const format = useFormat();
  const took = format.duration(run.finishedAt - run.startedAt);
  const cost = format.money(run.costMicros ?? run.pricedMicros, run.currency);
  const stoppedLater = run.status === 'refused' && run.calls.length > 0;
  const key =
    run.status === 'ok' && run.costMicros === null ? 'okUnpriced' : stoppedLater ? 'refusedLater' : run.status;
  return (
    <PageFrame
      sentence={say(key, { app: run.appName, took, cost })}
      under={format.time(run.startedAt)}
      actions={
        <Link to="/runs" className={buttonClass('plain')}>
          {say('all')}
        </Link>
      }
    >
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid min-w-0 gap-5">
          <Card title={say('timeline')} note={say('total', { took })}>
            <Timeline run={run} />
          </Card>
          <Card title={say('calls')}>
            <RunCalls calls={run.calls} />
          </Card>
        </div>
        <Card title={say('facts')} note={<RunStatusChip status={run.status} />}>
          <RunFacts run={run} />
        </Card>
      </div>
    </PageFrame>
  );
}

function RunFacts({ run }: { readonly run: RunRecord }) {
  const say = useWords(runWords);
  const sayRuns = useWords(runsWords);
  const sayCommon = useWords(common);
  const sayFailure = useWords(failureWords);
  const format = useFormat();
  const { usage } = run;
  const mono = (text: string) => <code className="font-mono text-small break-all">{text}</code>;
  return (
    <Facts
      items={[
        [
          say('app'),
          <Link key="app" to={`/app/${run.appName}`} className="text-data hover:underline">
            {run.appName}
          </Link>,
        ],
        [say('version'), run.version ? mono(run.version.slice(0, 16)) : say('directModel')],
        [say('surface'), sayRuns(`surface_${run.surface}`)],
        ...(run.errorCode
          ? [
              [
                say('error_code'),
                <span key="error" className="text-bad">
                  {sayFailure(run.errorCode as 'internal')}
                </span>,
              ] as const,
            ]
          : []),
        [say('unit'), run.unit ?? sayCommon('none')],
        [
          say('assignment'),
          <span key="assignment">
            {run.assigned}
            <span className="block text-small text-soft">
              {say(`reason_${run.assignmentReason}`, { experiment: run.experiment ?? '' })}
            </span>
          </span>,
        ],
        [say('delivered'), run.delivered],
        [
          say('tokens'),
          <span key="tokens">
            {say('tokensIn', { input: format.number(usage.inputTokens), output: format.number(usage.outputTokens) })}
            {usage.cachedInputTokens + usage.reasoningTokens > 0 && (
              <span className="block text-small text-soft">
                {say('tokensMore', {
                  cached: format.number(usage.cachedInputTokens),
                  reasoning: format.number(usage.reasoningTokens),
                })}
              </span>
            )}
            {usage.source === 'estimated' && <span className="block text-small text-soft">{say('estimated')}</span>}
          </span>,
        ],
        [say('cost'), run.costMicros === null ? sayCommon('unpriced') : format.money(run.costMicros, run.currency)],
        ...(run.personId ? [[say('person'), mono(run.personId)] as const] : []),
        ...(run.keyId ? [[say('key'), mono(run.keyId)] as const] : []),
        [say('id'), mono(run.id)],
      ]}
    />
  );
}
