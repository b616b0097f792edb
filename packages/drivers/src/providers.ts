import type { DriverFamily, ProviderRow } from '@myriad/contracts';
import { catalogue } from './catalogue/catalogue.ts';
import { quirks } from './openai-compatible/quirks/index.ts';

/** What attaching needs to know of a provider, whatever its family. */
export interface Provider {
  readonly id: string;
  readonly title: string;
  readonly family: DriverFamily;
  readonly baseUrl: string;
  readonly keyUrl: string | null;
  readonly needsKey: boolean;
  readonly concurrency: number;
  readonly local: boolean;
}

const own: readonly Provider[] = [
  {
    id: 'anthropic',
    title: 'Anthropic (Claude)',
    family: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyUrl: 'https://platform.claude.com/settings/keys',
    needsKey: true,
    concurrency: 32,
    local: false,
  },
  {
    id: 'gemini',
    title: 'Google Gemini',
    family: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keyUrl: 'https://aistudio.google.com/apikey',
    needsKey: true,
    concurrency: 32,
    local: false,
  },
];

/** Every provider that can be attached: rows of the quirk table and the families with a dialect of their own. */
export const knownProviders: readonly Provider[] = [
  ...quirks.map((quirk): Provider => ({ ...quirk, family: 'openai-compatible', needsKey: quirk.keyUrl !== null })),
  ...own,
];

/** The providers with what the catalogue knows of their models, as the console shows them. */
export function providers(): readonly ProviderRow[] {
  return knownProviders.map(({ id, title, family, baseUrl, needsKey, keyUrl }) => ({
    id,
    title,
    family,
    baseUrl,
    needsKey,
    keyUrl,
    models: catalogue
      .filter((entry) => entry.provider === id)
      .map((entry) => ({
        name: entry.model,
        contextTokens: entry.contextTokens,
        capabilities: entry.capabilities,
        price: entry.price ?? null,
      })),
  }));
}
