/** What is known of models before they are attached: context, capabilities, price with its source and date. */
import type { Capability, Price } from '@myriad/contracts';
import data from './models.json' with { type: 'json' };

export interface CatalogueEntry {
  readonly provider: string;
  /** The model's name as the provider knows it. */
  readonly model: string;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly capabilities: readonly Capability[];
  /** Absent when unknown, which reads "unpriced"; never 0 for unknown. */
  readonly price?: Price;
  /** Requests in flight where the provider documents a limit of its own for the model. */
  readonly concurrency?: number;
  /** Where the row was read, and when (YYYY-MM-DD). */
  readonly source: string;
  readonly date: string;
  readonly note?: string;
}

/** The catalogue that comes with Myriad. */
export const catalogue: readonly CatalogueEntry[] = data.models as readonly CatalogueEntry[];

/**
 * The row of a model, or null. A dated snapshot (`gpt-6-sol-2026-09-22`, `deepseek-flash-1017`) falls back to its base name;
 * Azure's deployments look among OpenAI's models.
 */
export function catalogueEntry(
  provider: string,
  model: string,
  entries: readonly CatalogueEntry[] = catalogue,
): CatalogueEntry | null {
  const home = provider === 'azure' ? 'openai' : provider;
  const wanted = model.toLowerCase();
  const ofProvider = entries.filter((entry) => entry.provider === home);
  const named = (name: string) => ofProvider.find((entry) => entry.model.toLowerCase() === name) ?? null;
  return named(wanted) ?? named(wanted.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|latest)$/, ''));
}
