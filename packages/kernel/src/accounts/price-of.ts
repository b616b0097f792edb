import type { ModelEndpoint, Price, RunSpec } from '@myriad/contracts';

/** What the endpoint costs this run: its price, at the run's share of it. */
export function priceOf(spec: Pick<RunSpec, 'priceRatio'>, { price }: Pick<ModelEndpoint, 'price'>): Price | null {
  const ratio = spec.priceRatio ?? 1;
  if (!price || ratio === 1) return price;
  const scaled: Record<string, unknown> = { ...price };
  for (const [field, value] of Object.entries(price)) if (typeof value === 'number') scaled[field] = value * ratio;
  return scaled as unknown as Price;
}
