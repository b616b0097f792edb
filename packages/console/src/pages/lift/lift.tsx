import type { AppLiftAnswer, EventCounts } from '@myriad/contracts';
import { Link, useParams } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { DecisionList, useDecisionTitle } from '../../cockpit/decision-list.tsx';
import { EffectExplanation, MoneyExplanation } from '../../cockpit/effect-explanation.tsx';
import { Explain } from '../../cockpit/explain.tsx';
import { IntervalMark } from '../../cockpit/interval-mark.tsx';
import { NarrowingBand } from '../../cockpit/narrowing-band.tsx';
import { oriented, spanOf } from '../../cockpit/scale-interval.ts';
import { useStop } from '../../cockpit/stop-switch.tsx';
import { useRound } from '../../cockpit/use-round.ts';
import { SampleMark, VerdictChip } from '../../cockpit/verdict-chip.tsx';
import { cockpitWords } from '../../cockpit/words.ts';
import { saveText, toCsv } from '../../format/csv.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Card, Chip, Facts, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { liftWords } from './words.ts';

/** One app: what it changed, the band over time, money, guardrails, assignment, and the raw numbers behind it. */
export default function LiftPage() {
  const say = useWords(liftWords);
  const sayCockpit = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const { app } = useParams({ strict: false }) as { app: string };
  const { may } = useReader();
  const lift = useApi('GET /api/cockpit/apps/:app', { params: { app } });
  const { stop, busy, error } = useStop();
  const { data } = lift;
  const stopped = data?.row.status === 'stopped';
  const sentence = useSentence(data);
  return (
    <PageFrame
      sentence={sentence}
      under={<Under data={data} />}
      actions={
        <>
          <Link to="/cockpit" className={buttonClass('quiet', 'print:hidden')}>
            {say('toPortfolio')}
          </Link>
          <Button onClick={() => print()}>{sayCockpit('print')}</Button>
          <Button onClick={() => data && saveText(`myriad-lift-${app}.csv`, looksCsv(data), 'text/csv')}>
            {sayCommon('exportCsv')}
          </Button>
          {may.includes('settings') && data && !data.row.sample && (
            <Button busy={busy} onClick={() => stop({ what: 'app', name: app, resume: stopped })}>
              {sayCockpit(stopped ? 'resumeApp' : 'stopApp')}
            </Button>
          )}
        </>
      }
    >
      <ProblemNote error={lift.error ?? error} onRetry={() => void lift.refetch()} />
      {lift.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
      {data && <Evidence data={data} />}
    </PageFrame>
  );
}

function useSentence(data: AppLiftAnswer | undefined): string {
  const say = useWords(liftWords);
  const sayCockpit = useWords(cockpitWords);
  const language = useLanguage();
  const round = useRound();
  if (!data) return say('loading');
  const { row, kpi } = data;
  const name = row.title[language];
  if (row.blocked) return say('blocked', { app: name });
  if (!row.absolute || row.verdict === 'Too early')
    return say('early', { app: name, wait: round.wait(row.timeToVerdictMs) });
  const end = (value: number | null) => (value === null ? sayCockpit('open') : round.signed(value));
  return say('changed', {
    app: name,
    kpi: kpi.title[language],
    effect: round.signed(row.absolute.estimate),
    unit: row.kpiUnit,
    low: end(row.absolute.low),
    high: end(row.absolute.high),
  });
}

function Under({ data }: { readonly data: AppLiftAnswer | undefined }) {
  const language = useLanguage();
  if (!data) return null;
  return (
    <>
      <VerdictChip verdict={data.row.verdict} blocked={data.row.blocked} /> <SampleMark sample={data.row.sample} />{' '}
      {data.row.because[language]}
    </>
  );
}

const looksCsv = ({ sequence }: AppLiftAnswer) =>
  toCsv(
    ['time', 'units', 'effect', 'low', 'high'],
    sequence.map(({ time, units, effect }) => [
      new Date(time).toISOString(),
      units,
      effect.estimate,
      effect.low,
      effect.high,
    ]),
  );

function Evidence({ data }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const sayCockpit = useWords(cockpitWords);
  const language = useLanguage();
  const round = useRound();
  const { row, kpi, sequence } = data;
  const proposed = data.decisions.filter(({ status }) => status === 'proposed');
  return (
    <>
      {proposed.length > 0 && <DecisionList decisions={proposed} />}
      <Card
        title={`${say('overTime')} · ${kpi.title[language]}`}
        note={
          row.absolute && (
            <Explain name={sayCockpit('effect')} explain={() => <EffectExplanation row={row} />}>
              {round.effectBounds(row.absolute)}
            </Explain>
          )
        }
      >
        <NarrowingBand
          looks={sequence}
          direction={row.direction}
          figure={round.signed}
          truth={row.truth?.effect ?? null}
          label={say('bandLabel', {
            kpi: kpi.title[language],
            value: row.absolute ? round.effectBounds(row.absolute) : '',
          })}
        />
        <p className="mt-2 text-small text-soft">{data.formula[language]}</p>
        {row.truth && row.truth.insideInterval !== null && (
          <p className="text-small text-soft">
            {sayCockpit('truth', { value: round.signed(row.truth.effect) })} ·{' '}
            {sayCockpit(row.truth.insideInterval ? 'truthInside' : 'truthOutside')}
          </p>
        )}
      </Card>
      <div className="grid gap-5 md:grid-cols-2">
        <Money data={data} />
        <Guardrails data={data} />
        <Assignment data={data} />
        <Counted counted={data.counted} />
      </div>
      <RawNumbers data={data} />
      <Decided data={data} />
    </>
  );
}

function Money({ data: { row } }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const sayCommon = useWords(common);
  const round = useRound();
  const unknown = sayCommon('notYetKnown');
  return (
    <Card title={say('money')}>
      <Facts
        items={[
          [
            say('earned'),
            <Explain key="earned" name={say('earned')} explain={() => <MoneyExplanation row={row} />}>
              {row.earned ? round.moneyBounds(row.earned, row.currency) : unknown}
            </Explain>,
          ],
          [say('spent'), round.money(row.spentMicros, row.currency)],
          [say('net'), row.net ? round.moneyBounds(row.net, row.currency) : unknown],
        ]}
      />
    </Card>
  );
}

function Guardrails({ data: { guardrails } }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const sayCockpit = useWords(cockpitWords);
  const round = useRound();
  return (
    <Card title={say('guardrails')} note={sayCockpit('better')}>
      {guardrails.length === 0 && <p className="text-soft">{say('noGuardrails')}</p>}
      <ul className="grid gap-2">
        {guardrails.map((guardrail) => (
          <li key={guardrail.kpi} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span>
              {guardrail.kpi} {guardrail.direction === 'decrease' ? '↓' : '↑'}{' '}
              <Chip tone={guardrail.tripped ? 'bad' : 'data'}>{say(guardrail.tripped ? 'tripped' : 'holds')}</Chip>
            </span>
            {guardrail.effect && (
              <IntervalMark
                bounds={guardrail.effect}
                direction={guardrail.direction}
                span={spanOf([oriented(guardrail.effect, guardrail.direction)])}
                figure={round.signed}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Assignment({ data }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const sayCommon = useWords(common);
  const round = useRound();
  const { sampleRatio, contamination, evidence } = data;
  return (
    <Card title={say('health')}>
      <Facts
        items={[
          [say('planned'), sampleRatio.planned.map((ratio) => round.percent(ratio)).join(' : ')],
          [say('ratioP'), sampleRatio.mismatch ? say('mismatch') : round.number(sampleRatio.pValue)],
          [say('contamination'), round.percent(contamination.ratio)],
          [say('reduction'), round.percent(data.varianceReduction)],
          [
            say('evidence'),
            evidence
              ? say('evidenceValue', { e: round.number(Math.exp(evidence.logE)), p: round.number(evidence.pValue) })
              : sayCommon('notYetKnown'),
          ],
        ]}
      />
    </Card>
  );
}

const countKeys = [
  'counted',
  'beforeExposure',
  'afterWindow',
  'unknownUnits',
  'late',
  'corrections',
  'ahead',
] as const satisfies readonly (keyof EventCounts)[];

function Counted({ counted }: { readonly counted: EventCounts }) {
  const say = useWords(liftWords);
  const format = useFormat();
  return (
    <Card title={say('counted')}>
      <Facts items={countKeys.map((key) => [say(`c_${key}`), format.number(counted[key])] as const)} />
    </Card>
  );
}

function RawNumbers({ data: { arms } }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const format = useFormat();
  const columns = [
    ['mean', say('mean')],
    ['sum', say('sum')],
    ['squaredDeviations', say('deviations')],
    ['uncappedMean', say('uncapped')],
  ] as const;
  return (
    <Card flush title={say('raw')}>
      <Table
        caption={say('raw')}
        rows={arms}
        rowKey={({ variant }) => variant}
        columns={[
          { key: 'variant', title: say('variant'), cell: ({ variant }) => variant },
          { key: 'units', title: say('units'), number: true, cell: ({ units }) => format.number(units) },
          ...columns.map(([key, title]) => ({
            key,
            title,
            number: true,
            cell: (arm: AppLiftAnswer['arms'][number]) => format.number(arm[key]),
          })),
        ]}
      />
    </Card>
  );
}

function Decided({ data: { decisions } }: { readonly data: AppLiftAnswer }) {
  const say = useWords(liftWords);
  const format = useFormat();
  const titleOf = useDecisionTitle();
  const decided = decisions.filter(({ status }) => status !== 'proposed');
  return (
    <Card title={say('decisions')}>
      {decided.length === 0 && <p className="text-soft">{say('noDecisions')}</p>}
      <ul className="grid gap-1">
        {decided.map((decision) => (
          <li key={decision.id}>
            {titleOf(decision)} ·{' '}
            <time className="text-soft">{format.time(decision.decidedAt ?? decision.proposedAt)}</time>
          </li>
        ))}
      </ul>
    </Card>
  );
}
