import type { ArmEvidence, PortfolioRow } from '@myriad/contracts';
import { useApi } from '../api/use-api.ts';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { useRound } from './use-round.ts';
import { cockpitWords } from './words.ts';

/** Where an app's effect comes from: the formula in words, n of each arm, the raw sums. Read when it is opened. */
export function EffectExplanation({ row }: { readonly row: PortfolioRow }) {
  const say = useWords(cockpitWords);
  const sayCommon = useWords(common);
  const round = useRound();
  const language = useLanguage();
  const lift = useApi('GET /api/cockpit/apps/:app', { params: { app: row.app } });
  return (
    <>
      <p>{say('explainEffect')}</p>
      {row.absolute && <p>{say('explainAbsolute', { value: `${round.effectBounds(row.absolute)} ${row.kpiUnit}` })}</p>}
      <p>
        {say('explainRelative', { value: row.relative ? round.liftBounds(row.relative) : sayCommon('notYetKnown') })}
      </p>
      {lift.data && <p className="text-soft">{lift.data.formula[language]}</p>}
      {lift.data && <Arms arms={lift.data.arms} />}
      <p className="text-soft">{say(row.selected ? 'explainSelected' : 'explainNotSelected')}</p>
    </>
  );
}

function Arms({ arms }: { readonly arms: readonly ArmEvidence[] }) {
  const say = useWords(cockpitWords);
  const round = useRound();
  return (
    <ul className="grid gap-0.5 text-small text-soft" aria-label={say('explainArms')}>
      {arms.map(({ variant, units, sum, mean }) => (
        <li key={variant}>{say('explainArm', { variant, units, sum: round.number(sum), mean: round.number(mean) })}</li>
      ))}
    </ul>
  );
}

/** Where an app's money comes from. */
export function MoneyExplanation({ row }: { readonly row: PortfolioRow }) {
  const say = useWords(cockpitWords);
  const round = useRound();
  return (
    <>
      <p>{say('explainEarned', { shrunken: row.shrunken === null ? '?' : round.signed(row.shrunken) })}</p>
      {row.earned && <p>{round.moneyBounds(row.earned, row.currency)}</p>}
      {row.net && <p>{say('explainNet', { value: round.moneyBounds(row.net, row.currency) })}</p>}
      <p className="text-soft">{say('explainSpent', { value: round.money(row.spentMicros, row.currency) })}</p>
    </>
  );
}
