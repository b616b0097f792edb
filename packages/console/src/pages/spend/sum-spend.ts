import type { SpendRow } from '@myriad/contracts';

export interface SpendSum {
  readonly costMicros: number;
  readonly runs: number;
  readonly tokens: number;
  readonly unpricedRuns: number;
}

const nothing: SpendSum = { costMicros: 0, runs: 0, tokens: 0, unpricedRuns: 0 };

function add(sum: SpendSum, row: SpendRow): SpendSum {
  return {
    costMicros: sum.costMicros + row.costMicros,
    runs: sum.runs + row.runs,
    tokens: sum.tokens + row.inputTokens + row.outputTokens,
    unpricedRuns: sum.unpricedRuns + row.unpricedRuns,
  };
}

/** Sums in one currency only; other currencies are never added to it. */
export function totalSpend(rows: readonly SpendRow[], currency: string): SpendSum {
  return rows.filter((row) => row.currency === currency).reduce(add, nothing);
}

/** Sums a group and a currency, the dearest first. */
export function spendByGroup(
  rows: readonly SpendRow[],
): readonly (SpendSum & { readonly group: string; readonly currency: string })[] {
  const sums = new Map<string, SpendSum & { readonly group: string; readonly currency: string }>();
  for (const row of rows) {
    const key = `${row.currency} ${row.group}`;
    const before = sums.get(key) ?? { ...nothing, group: row.group, currency: row.currency };
    sums.set(key, { ...before, ...add(before, row) });
  }
  return [...sums.values()].sort((left, right) => right.costMicros - left.costMicros);
}

const dayMs = 86_400_000;

/** One sum for each day from `from` to `to`, also for days without any run. Days begin as the server's buckets do, in UTC. */
export function spendByDay(
  rows: readonly SpendRow[],
  currency: string,
  from: number,
  to: number,
): readonly (SpendSum & { readonly time: number })[] {
  const days: (SpendSum & { time: number })[] = [];
  for (let time = Math.floor(from / dayMs) * dayMs; time <= to; time += dayMs) {
    const own = rows.filter((row) => row.currency === currency && row.time >= time && row.time < time + dayMs);
    days.push({ time, ...own.reduce(add, nothing) });
  }
  return days;
}
