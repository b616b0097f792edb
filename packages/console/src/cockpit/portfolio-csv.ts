import type { PortfolioRow } from '@myriad/contracts';
import { toCsv } from '../format/csv.ts';

/** The portfolio's rows with full precision; money in micros. */
export function portfolioCsv(rows: readonly PortfolioRow[]): string {
  return toCsv(
    [
      ...['app', 'sample', 'kpi', 'direction', 'verdict', 'blocked', 'units', 'selected'],
      ...['effect', 'effect low', 'effect high', 'relative', 'relative low', 'relative high', 'shrunken'],
      ...['earned micros', 'earned low', 'earned high', 'spent micros', 'currency', 'share', 'true effect'],
    ],
    rows.map((row) => [
      ...[row.app, row.sample ? 'sample' : '', row.kpi, row.direction, row.verdict, row.blockedReason ?? ''],
      ...[row.units, row.selected ? 'yes' : 'no'],
      ...[row.absolute, row.relative].flatMap((each) => [
        each?.estimate ?? null,
        each?.low ?? null,
        each?.high ?? null,
      ]),
      row.shrunken,
      ...[row.earned?.estimate ?? null, row.earned?.low ?? null, row.earned?.high ?? null],
      ...[row.spentMicros, row.currency, row.share, row.truth?.effect ?? null],
    ]),
  );
}
