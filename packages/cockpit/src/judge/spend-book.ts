import type { LedgerStore } from '@myriad/contracts';

export interface SpendBook {
  of(app: string): { readonly spentMicros: number; readonly tokens: number };
}

/** What each app of a tenant has cost since the beginning, in the house's currency; amounts without a rate are left out. */
export async function openSpendBook(
  ledger: Pick<LedgerStore, 'spend'>,
  tenant: string,
  now: number,
  convert: (micros: number, from: string) => number | null,
): Promise<SpendBook> {
  const rows = await ledger.spend({ tenant, from: 0, to: now + 1, bucket: 'total', groupBy: 'app' });
  const byApp = new Map<string, { spentMicros: number; tokens: number }>();
  for (const row of rows) {
    const sum = byApp.get(row.group) ?? { spentMicros: 0, tokens: 0 };
    sum.spentMicros += convert(row.costMicros, row.currency) ?? 0;
    sum.tokens += row.inputTokens + row.outputTokens;
    byApp.set(row.group, sum);
  }
  return { of: (app) => byApp.get(app) ?? { spentMicros: 0, tokens: 0 } };
}
