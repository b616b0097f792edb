import type { Verdict } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { AppTable } from '../../cockpit/app-table.tsx';
import { DecisionList } from '../../cockpit/decision-list.tsx';
import { Explain } from '../../cockpit/explain.tsx';
import { portfolioCsv } from '../../cockpit/portfolio-csv.ts';
import { portfolioSentence } from '../../cockpit/portfolio-sentence.ts';
import { LoadSample, SampleNote } from '../../cockpit/sample-note.tsx';
import { StopSwitch } from '../../cockpit/stop-switch.tsx';
import { useRound } from '../../cockpit/use-round.ts';
import { VerdictChip } from '../../cockpit/verdict-chip.tsx';
import { cockpitWords } from '../../cockpit/words.ts';
import { saveText } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, buttonClass, Choices } from '../../ui/button.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { HoldoutCard } from './holdout-card.tsx';
import { portfolioWords } from './words.ts';

const shown = ['all', 'without', 'only'] as const;
const verdicts: readonly Verdict[] = ['Grow', 'Keep', 'Review', 'Retire', 'Too early'];

/** What all apps earned and cost, what needs the leader, and each app's evidence. */
export default function PortfolioPage() {
  const say = useWords(portfolioWords);
  const sayCockpit = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const format = useFormat();
  const round = useRound();
  const [filters, filter] = useFilters();
  const sample = shown.find((each) => each === filters.sample) ?? 'all';
  const answer = useApi('GET /api/cockpit/portfolio', sample === 'all' ? {} : { query: { sample } }, {
    refetchInterval: 30_000,
  });
  const { data } = answer;
  const sentence = data ? portfolioSentence(data, sayCockpit, language) : say('loading');
  const earned = data?.headline.earned;
  return (
    <PageFrame
      sentence={
        data && earned ? (
          <Explain
            name={say('headline')}
            className="text-left decoration-2"
            explain={() => (
              <>
                <p>{round.moneyBounds(earned, data.currency)}</p>
                <p>
                  {sayCockpit('explainHeadline', {
                    count: data.rows.filter((row) => row.earned && !row.blocked).length,
                  })}
                </p>
                <p className="text-soft">
                  {sayCockpit('explainSpent', { value: round.money(data.headline.spentMicros, data.currency) })}
                </p>
              </>
            )}
          >
            {sentence}
          </Explain>
        ) : (
          sentence
        )
      }
      under={data && data.headline.apps > 0 && `${say('under')} ${data.sample ? say('mixed') : ''}`}
      actions={
        <>
          <Link to="/cockpit/health" className={buttonClass('quiet', 'print:hidden')}>
            {say('health')}
          </Link>
          <Button onClick={() => print()}>{sayCockpit('print')}</Button>
          <Button onClick={() => data && saveText('myriad-portfolio.csv', portfolioCsv(data.rows), 'text/csv')}>
            {sayCommon('exportCsv')}
          </Button>
        </>
      }
    >
      <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
      {data && (
        <>
          {data.sample && <SampleNote />}
          {data.headline.apps === 0 ? (
            <Card>
              <Empty title={say('emptyTitle')} action={<LoadSample />}>
                {say('emptyText')}
              </Empty>
            </Card>
          ) : (
            <>
              <DecisionList decisions={data.needsYou} />
              <div className="flex flex-wrap items-center justify-between gap-3">
                <ul aria-label={say('verdicts')} className="flex flex-wrap gap-x-4 gap-y-1">
                  {verdicts.map((verdict) => (
                    <li key={verdict}>
                      <VerdictChip verdict={verdict} /> {format.number(data.headline.byVerdict[verdict])}
                    </li>
                  ))}
                </ul>
                {(data.sample || sample !== 'all') && (
                  <Choices
                    label={say('filter')}
                    value={sample}
                    onChange={(value) => filter({ sample: value === 'all' ? '' : value })}
                    options={shown.map((value) => ({ value, label: say(value) }))}
                  />
                )}
              </div>
              <Card flush title={say('apps')} note={say('ranked')}>
                <AppTable rows={data.rows} caption={say('apps')} />
              </Card>
            </>
          )}
          <HoldoutCard />
          <StopSwitch />
          <p className="text-small text-soft">
            {say('log', { events: format.number(data.log.events), exposures: format.number(data.log.exposures) })}
          </p>
        </>
      )}
    </PageFrame>
  );
}
