/** Money is integer micros (millionths) of a currency; a missing price is `null`, which reads "unpriced", never 0. */

/** ISO 4217 code, such as `USD` or `CNY`. */
export type Currency = string;

export interface Money {
  readonly micros: number;
  readonly currency: Currency;
}

/** Prices of a base model in micros per million tokens. A price that is not known is absent. */
export interface Price {
  readonly currency: Currency;
  readonly inputMicrosPerMillion: number;
  readonly outputMicrosPerMillion: number;
  readonly cachedInputMicrosPerMillion?: number;
  readonly cacheWriteMicrosPerMillion?: number;
  /** Each image made, whatever its size. */
  readonly perImageMicros?: number;
  /** Text that is spoken. */
  readonly charactersMicrosPerMillion?: number;
  /** Speech that is written down. */
  readonly perMinuteMicros?: number;
  /** Where the price was read, and when (YYYY-MM-DD). */
  readonly source: string;
  readonly date: string;
}

/** Micros of one currency per unit of another are set by the operator; `USD: 7.1` under base CNY means 1 USD = 7.1 CNY. */
export interface ExchangeRates {
  readonly base: Currency;
  readonly rates: Readonly<Record<Currency, number>>;
}

/**
 * Converts money by the operator's rates, rounding up so that no budget is overspent by rounding.
 *
 * @returns null when a rate is missing.
 */
export function convertMoney(money: Money, to: Currency, exchange: ExchangeRates): Money | null {
  if (money.currency === to) return money;
  const rateOf = (currency: Currency) => (currency === exchange.base ? 1 : exchange.rates[currency]);
  const from = rateOf(money.currency);
  const target = rateOf(to);
  if (from === undefined || target === undefined) return null;
  return { micros: Math.ceil((money.micros * from) / target), currency: to };
}
