/** Endpoints that do what a script says, and keep their own books of what they served. */
import {
  type CallOptions,
  type ChatRequest,
  type EmbedRequest,
  type EmbedResult,
  type EndpointSource,
  type ModelConnection,
  type ModelEndpoint,
  type ModelEvent,
  MyriadError,
  noUsage,
  type Usage,
} from '@myriad/contracts';

export type ChatScript = (request: ChatRequest, options: CallOptions, call: number) => AsyncIterable<ModelEvent>;

export interface ScriptedEndpoint {
  readonly endpoint: ModelEndpoint;
  readonly chat: ChatScript;
  readonly embed?: (request: EmbedRequest, options: CallOptions) => Promise<EmbedResult>;
}

export interface ScriptedSource extends EndpointSource {
  /** Calls begun, by endpoint. */
  readonly calls: ReadonlyMap<string, number>;
  /** Requests as the drivers got them. */
  readonly requests: readonly ChatRequest[];
}

export function endpointOf(overrides: Partial<ModelEndpoint> & { readonly id: string }): ModelEndpoint {
  return {
    name: `test/${overrides.id}`,
    family: 'openai-compatible',
    provider: 'test',
    baseUrl: 'https://models.example/v1',
    upstreamModel: overrides.id,
    capabilities: ['chat', 'generate', 'tools', 'json', 'zh'],
    contextTokens: 128_000,
    maxOutputTokens: 4_096,
    price: {
      currency: 'USD',
      inputMicrosPerMillion: 1_000_000,
      outputMicrosPerMillion: 4_000_000,
      source: 'test',
      date: '2026-01-01',
    },
    concurrency: 8,
    enabled: true,
    preference: 0,
    options: {},
    ...overrides,
  };
}

export function createScriptedSource(scripted: readonly ScriptedEndpoint[]): ScriptedSource {
  const calls = new Map<string, number>();
  const requests: ChatRequest[] = [];
  const list = scripted.map(({ endpoint }) => endpoint);
  const connections = new Map<string, ModelConnection>(
    scripted.map(({ endpoint, chat, embed }) => [
      endpoint.id,
      {
        chat(request, options) {
          const call = (calls.get(endpoint.id) ?? 0) + 1;
          calls.set(endpoint.id, call);
          requests.push(request);
          return chat(request, options, call);
        },
        ...(embed ? { embed } : {}),
        async close() {},
      },
    ]),
  );
  return {
    calls,
    requests,
    list: () => list,
    async connect(id) {
      const connection = connections.get(id);
      if (!connection) throw new MyriadError('not_found', `No endpoint ${id}.`);
      return connection;
    },
  };
}

export function usageOf(inputTokens: number, outputTokens: number): Usage {
  return { ...noUsage, inputTokens, outputTokens };
}

/** An answer of these pieces, with its usage reported at the end. */
export async function* answer(pieces: readonly string[], usage: Usage | null): AsyncGenerator<ModelEvent> {
  yield { type: 'start', model: 'scripted' };
  for (const text of pieces) yield { type: 'text', choice: 0, text };
  yield { type: 'finish', choice: 0, reason: 'stop' };
  if (usage) yield { type: 'usage', usage, provisional: false };
}

/** Rejects when the signal fires, and otherwise never settles. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new MyriadError('aborted', 'The call was cancelled.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
