/**
 * A run's record as spans, named by the GenAI semantic conventions, version 1.45.0: the run, each model call, tool and
 * retrieval. Other steps are events of the run's span.
 */
import type { ModelCallRecord, ModelEndpoint, RunRecord, TraceStep } from '@myriad/contracts';
import type { Guard } from '@myriad/kernel';
import { inputMessages, outputMessages } from './span-content.ts';
import { spanIdOf } from './trace-context.ts';
import type { TracedRun } from './traced-run.ts';

export type SpanAttributes = Record<string, string | number | boolean | string[]>;

export interface PlannedSpan {
  /** 16 hex digits; null for any. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: SpanAttributes;
  readonly events: readonly { readonly name: string; readonly time: number; readonly attributes: SpanAttributes }[];
  /** Code of the failure; null when it went well. */
  readonly failure: string | null;
}

export interface SpanSources {
  readonly endpointOf: (id: string) => ModelEndpoint | undefined;
  /** What content is cleaned by; null sends none. */
  readonly guard: Guard | null;
}

/** Names that the conventions give to providers where they differ from ours. */
const providerNames: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  xai: 'x_ai',
};

export function runSpans(
  run: RunRecord,
  traced: TracedRun,
  sources: SpanSources,
): { readonly root: PlannedSpan; readonly children: readonly PlannedSpan[] } {
  const own = run.steps.filter(({ kind }) => kind === 'tool' || kind === 'retrieve');
  const rest = run.steps.filter(({ kind }) => kind !== 'tool' && kind !== 'retrieve' && kind !== 'model');
  const isApp = run.version !== null;
  const root: PlannedSpan = {
    id: spanIdOf(run.id),
    name: isApp ? `invoke_agent ${run.appName}` : 'model access',
    kind: 'SERVER',
    startedAt: run.startedAt,
    endedAt: run.finishedAt,
    attributes: defined({
      'gen_ai.operation.name': isApp ? 'invoke_agent' : null,
      'gen_ai.agent.id': isApp ? run.appId : null,
      'gen_ai.agent.name': isApp ? run.appName : null,
      'gen_ai.agent.version': run.version,
      'gen_ai.conversation.id': run.conversationId,
      ...usageOf(run.usage),
      'error.type': run.errorCode,
      'myriad.run.id': run.id,
      'myriad.run.status': run.status,
      'myriad.surface': run.surface,
      'myriad.experiment': run.experiment,
      'myriad.variant': run.experiment === null ? null : run.assigned,
      'myriad.cost.micros': run.costMicros,
      'myriad.cost.currency': run.currency,
    }),
    events: rest.map((step) => ({
      name: `myriad.${step.kind} ${step.name}`,
      time: step.startedAt,
      attributes: { 'myriad.took_ms': step.tookMs, 'myriad.ok': step.ok, ...detailOf(step) },
    })),
    failure: run.status === 'ok' ? null : (run.errorCode ?? run.status),
  };
  return {
    root,
    children: [...run.calls.map((call) => callSpan(call, run, traced, sources)), ...own.map((step) => stepSpan(step))],
  };
}

function callSpan(call: ModelCallRecord, run: RunRecord, traced: TracedRun, sources: SpanSources): PlannedSpan {
  const { operation = 'chat', content = null } = traced.calls.get(call.id) ?? {};
  const endpoint = sources.endpointOf(call.endpointId);
  const model = endpoint?.upstreamModel ?? call.model;
  const address = endpoint && URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl) : null;
  const { guard } = sources;
  return {
    id: spanIdOf(call.id),
    name: `${operation} ${model}`,
    kind: 'CLIENT',
    startedAt: call.startedAt,
    endedAt: call.startedAt + call.totalMs,
    attributes: defined({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': endpoint ? (providerNames[endpoint.provider] ?? endpoint.provider) : null,
      'gen_ai.request.model': model,
      'gen_ai.request.stream': operation === 'chat' && run.stream ? true : null,
      'gen_ai.conversation.id': run.conversationId,
      ...usageOf(call.usage),
      'gen_ai.response.time_to_first_chunk':
        run.stream && call.firstTokenMs !== null ? call.firstTokenMs / 1_000 : null,
      'gen_ai.input.messages': content && guard ? inputMessages(content.request, guard) : null,
      'gen_ai.output.messages': content && guard ? outputMessages(content.answer, guard) : null,
      'server.address': address?.hostname || null,
      'server.port': address?.port ? Number(address.port) : null,
      'error.type': call.errorCode,
      'myriad.model': call.model,
      'myriad.because': call.because,
      'myriad.attempt': call.attempt,
      'myriad.cached': call.cached,
      'myriad.queued_ms': call.queuedMs,
      'myriad.usage.source': call.usage.source,
      'myriad.cost.micros': call.cost?.micros ?? null,
      'myriad.cost.currency': call.cost?.currency ?? null,
    }),
    events: [],
    failure: call.status === 'ok' ? null : (call.errorCode ?? call.status),
  };
}

function stepSpan(step: TraceStep): PlannedSpan {
  const operation = step.kind === 'tool' ? 'execute_tool' : 'retrieval';
  const code = typeof step.detail.code === 'string' ? step.detail.code : null;
  return {
    id: null,
    name: `${operation} ${step.name}`,
    kind: 'INTERNAL',
    startedAt: step.startedAt,
    endedAt: step.startedAt + step.tookMs,
    attributes: defined({
      'gen_ai.operation.name': operation,
      'gen_ai.tool.name': step.kind === 'tool' ? step.name : null,
      'error.type': step.ok ? null : (code ?? '_OTHER'),
      ...detailOf(step),
    }),
    events: [],
    failure: step.ok ? null : (code ?? '_OTHER'),
  };
}

function usageOf(usage: RunRecord['usage']): Record<string, number | null> {
  return {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens || null,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens || null,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens || null,
  };
}

/** What a step tells, by name; values within values as JSON. The trace holds no prompts, answers or keys. */
function detailOf(step: TraceStep): SpanAttributes {
  const attributes: SpanAttributes = {};
  for (const [name, value] of Object.entries(step.detail)) {
    if (value === null || value === undefined) continue;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    attributes[`myriad.detail.${name}`] = plain ? value : JSON.stringify(value);
  }
  return attributes;
}

function defined(attributes: Readonly<Record<string, SpanAttributes[string] | null>>): SpanAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)) as SpanAttributes;
}
