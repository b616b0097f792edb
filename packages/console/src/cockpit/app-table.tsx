import type { PortfolioRow } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { Table } from '../ui/table.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { EffectExplanation, MoneyExplanation } from './effect-explanation.tsx';
import { Explain } from './explain.tsx';
import { IntervalMark } from './interval-mark.tsx';
import { oriented, spanOf } from './scale-interval.ts';
import { useRound } from './use-round.ts';
import { SampleMark, VerdictChip } from './verdict-chip.tsx';
import { cockpitWords } from './words.ts';

/** The apps, best shrunken value first: verdict, effect as a picture, earned and spent, share. */
export function AppTable({ rows, caption }: { readonly rows: readonly PortfolioRow[]; readonly caption: string }) {
  const say = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const round = useRound();
  const span = spanOf(rows.flatMap(({ relative, direction }) => (relative ? [oriented(relative, direction)] : [])));
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ experiment }) => experiment}
      columns={[
        {
          key: 'app',
          title: say('app'),
          cell: (row) => (
            <div className="min-w-[130px]">
              <Link
                to="/cockpit/apps/$app"
                params={{ app: row.app } as never}
                className="font-medium underline decoration-line underline-offset-4 hover:decoration-data"
              >
                {row.title[language]}
              </Link>
              <SampleMark sample={row.sample} />
              <span className="block text-small text-soft">
                {row.kpiUnit} {row.direction === 'decrease' ? '↓' : '↑'}
              </span>
            </div>
          ),
        },
        {
          key: 'verdict',
          title: say('verdict'),
          cell: (row) => (
            <Explain name={say('verdict')} explain={() => <p>{row.because[language]}</p>} className="no-underline">
              <VerdictChip verdict={row.verdict} blocked={row.blocked} />
            </Explain>
          ),
        },
        {
          key: 'effect',
          title: `${say('effect')} · ${say('better')}`,
          cell: (row) => <Effect row={row} span={span} />,
        },
        {
          key: 'money',
          title: say('earnedSpent'),
          number: true,
          cell: (row) => (
            <span className="whitespace-nowrap">
              <Explain name={say('earnedSpent')} explain={() => <MoneyExplanation row={row} />}>
                {row.earned ? (
                  <span className={row.earned.estimate < 0 ? 'text-bad' : 'text-good'}>
                    {round.money(row.earned.estimate, row.currency)}
                  </span>
                ) : (
                  sayCommon('notYetKnown')
                )}
              </Explain>
              <span className="block text-small text-soft">{round.money(row.spentMicros, row.currency)}</span>
            </span>
          ),
        },
        {
          key: 'share',
          title: say('share'),
          number: true,
          cell: (row) => (
            <Explain name={say('share')} explain={() => <p>{say('explainShare')}</p>}>
              {round.percent(row.share)}
            </Explain>
          ),
        },
      ]}
    />
  );
}

function Effect({ row, span }: { readonly row: PortfolioRow; readonly span: ReturnType<typeof spanOf> }) {
  const say = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const round = useRound();
  const { relative, truth } = row;
  const early = row.verdict === 'Too early';
  return (
    <div>
      {relative && (
        <div className="flex items-center gap-2">
          <IntervalMark
            bounds={relative}
            direction={row.direction}
            span={span}
            figure={round.lift}
            quiet={early || row.blocked}
          />
          <Explain name={say('effect')} explain={() => <EffectExplanation row={row} />}>
            {round.lift(relative.estimate)}
          </Explain>
        </div>
      )}
      {!relative && (
        <Explain name={say('effect')} explain={() => <EffectExplanation row={row} />}>
          {sayCommon('notYetKnown')}
        </Explain>
      )}
      <span className="block text-small text-soft">
        {row.blocked && row.blockedReason
          ? say(`blocked_${row.blockedReason}`)
          : early
            ? round.wait(row.timeToVerdictMs)
            : ''}
        {truth && row.absolute && (
          <span className="block">
            {round.effectBounds(row.absolute)} {row.kpiUnit} · {say('truth', { value: round.signed(truth.effect) })}
            {truth.insideInterval !== null && ` · ${say(truth.insideInterval ? 'truthInside' : 'truthOutside')}`}
          </span>
        )}
      </span>
    </div>
  );
}
