/** Which attached endpoints are able to serve a need at all. Preference and load come later. */
import { type Capability, type ModelEndpoint, type ModelNeed, MyriadError } from '@myriad/contracts';

export interface CandidateQuery {
  readonly need: ModelNeed;
  /** Expected input and the output asked for; endpoints whose context is too short are left out. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

function hasAll(endpoint: ModelEndpoint, capabilities: readonly Capability[]): boolean {
  for (const capability of capabilities) if (!endpoint.capabilities.includes(capability)) return false;
  return true;
}

function fits(endpoint: ModelEndpoint, { inputTokens, outputTokens }: CandidateQuery): boolean {
  return endpoint.contextTokens === null || inputTokens + outputTokens <= endpoint.contextTokens;
}

/**
 * @returns At least one endpoint. Models that do not generate serve only when pinned or when nothing able to generate is
 * attached.
 * @throws MyriadError `model_not_found` for a pinned name nobody has, `capability_unavailable`, `context_too_long`.
 */
export function findCandidates(endpoints: readonly ModelEndpoint[], query: CandidateQuery): readonly ModelEndpoint[] {
  const { need } = query;
  if (need.model !== undefined) return findPinned(endpoints, need.model, query);
  const able = endpoints.filter((endpoint) => endpoint.enabled && hasAll(endpoint, need.capabilities));
  const embeds = need.capabilities.includes('embed');
  const generating = able.filter((endpoint) => endpoint.capabilities.includes('generate'));
  const anyGenerates = endpoints.some((endpoint) => endpoint.enabled && endpoint.capabilities.includes('generate'));
  const serving = embeds || !anyGenerates ? able : generating;
  if (serving.length === 0)
    throw new MyriadError(
      'capability_unavailable',
      able.length > 0
        ? `No attached model that writes offers ${need.capabilities.join(', ') || 'chat'}; ${able.map(({ name }) => name).join(', ')} only quotes. Attach one that does, or say of an attached one that it can.`
        : `No attached model offers ${need.capabilities.join(', ') || 'chat'}; ${endpoints.length} are attached.`,
      { facts: { capabilities: need.capabilities, attached: endpoints.length } },
    );
  return withinContext(serving, query);
}

/**
 * Models that only quote, able to answer the need when money for a generating one has run out. Empty for a pinned model,
 * for embeddings, and for a need that demands generation.
 */
export function findQuoting(endpoints: readonly ModelEndpoint[], query: CandidateQuery): readonly ModelEndpoint[] {
  const { need } = query;
  if (need.model !== undefined || need.capabilities.includes('embed')) return [];
  return endpoints.filter(
    (endpoint) =>
      endpoint.enabled &&
      !endpoint.capabilities.includes('generate') &&
      hasAll(endpoint, ['chat', ...need.capabilities]) &&
      fits(endpoint, query),
  );
}

function findPinned(
  endpoints: readonly ModelEndpoint[],
  model: string,
  query: CandidateQuery,
): readonly ModelEndpoint[] {
  const named = endpoints.filter((endpoint) => endpoint.enabled && endpoint.name === model);
  if (named.length === 0)
    throw new MyriadError('model_not_found', `No attached model is named ${model}.`, { facts: { model } });
  const able = named.filter((endpoint) => hasAll(endpoint, query.need.capabilities));
  if (able.length === 0)
    throw new MyriadError(
      'capability_unavailable',
      `${model} does not offer all of ${query.need.capabilities.join(', ')}.`,
      { facts: { model, capabilities: query.need.capabilities } },
    );
  return withinContext(able, query);
}

function withinContext(able: readonly ModelEndpoint[], query: CandidateQuery): readonly ModelEndpoint[] {
  const roomy = able.filter((endpoint) => fits(endpoint, query));
  if (roomy.length > 0) return roomy;
  const longest = Math.max(...able.map((endpoint) => endpoint.contextTokens ?? 0));
  throw new MyriadError(
    'context_too_long',
    `The input is about ${query.inputTokens} tokens; the longest context attached takes ${longest} with the answer.`,
    { facts: { inputTokens: query.inputTokens, outputTokens: query.outputTokens, contextTokens: longest } },
  );
}
