import {
  type AttachModelRequest,
  type Capability,
  type Clock,
  type ModelEndpoint,
  MyriadError,
  newId,
  type Random,
  systemClock,
  systemRandom,
} from '@myriad/contracts';
import { catalogueEntry } from './catalogue/catalogue.ts';
import { knownProviders, type Provider } from './providers.ts';

/** What a model of unknown abilities is taken to do; the operator may say otherwise. */
const assumed: readonly Capability[] = ['chat', 'generate'];

/**
 * A full endpoint from what a person said, with the rest from the provider's row and the catalogue. The key is not part of
 * it: an endpoint never holds a secret.
 *
 * @param context `id` for a known endpoint that changes; else a new one is made with clock and randomness.
 * @throws MyriadError `not_found` for an unknown provider, `invalid_request` for a base URL or price that cannot be.
 */
export function endpointFromRequest(
  attach: AttachModelRequest,
  context: {
    readonly id?: string;
    readonly clock?: Pick<Clock, 'now'>;
    readonly random?: Pick<Random, 'bytes'>;
  } = {},
): ModelEndpoint {
  const provider = knownProviders.find(({ id }) => id === attach.provider);
  if (!provider)
    throw new MyriadError(
      'not_found',
      `No provider ${attach.provider}; known are ${knownProviders.map(({ id }) => id).join(', ')}.`,
      {
        facts: { provider: attach.provider },
      },
    );
  if (attach.model.trim() === '') throw new MyriadError('invalid_request', 'The model has no name.');
  const known = catalogueEntry(provider.id, attach.model);
  const isEmbedding = /embed|bge-|m3e|gte-/i.test(attach.model);
  return {
    id: context.id ?? newId('mdl', context.clock ?? systemClock, context.random ?? systemRandom),
    name: attach.name ?? `${provider.id}/${attach.model}`,
    family: provider.family,
    provider: provider.id,
    baseUrl: baseUrlOf(attach, provider),
    upstreamModel: attach.model,
    capabilities: attach.capabilities ?? known?.capabilities ?? (isEmbedding ? ['embed'] : assumed),
    contextTokens: known?.contextTokens ?? null,
    maxOutputTokens: known?.maxOutputTokens ?? null,
    price: attach.price === undefined ? (known?.price ?? null) : attach.price,
    concurrency: concurrencyOf(attach, known?.concurrency ?? provider.concurrency),
    enabled: true,
    preference: attach.preference ?? 0,
    options: attach.options ?? {},
  };
}

function baseUrlOf(attach: AttachModelRequest, provider: Provider): string {
  const given = attach.baseUrl?.trim() || provider.baseUrl;
  if (given.includes('RESOURCE.'))
    throw new MyriadError('invalid_request', `${provider.title} needs the base URL of your own resource.`, {
      facts: { provider: provider.id },
    });
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new MyriadError(
      'invalid_request',
      'The base URL must be http or https, without sign-in, query or fragment.',
      {
        facts: { provider: provider.id },
      },
    );
  return given.replace(/\/+$/, '');
}

function concurrencyOf(attach: AttachModelRequest, fallback: number): number {
  if (attach.concurrency === undefined) return fallback;
  if (!Number.isInteger(attach.concurrency) || attach.concurrency < 1)
    throw new MyriadError(
      'invalid_request',
      `Concurrency must be a whole number of at least 1, not ${attach.concurrency}.`,
    );
  return attach.concurrency;
}
