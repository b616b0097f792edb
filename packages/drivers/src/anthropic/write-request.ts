/** Our request as a body of Anthropic's Messages API. */
import {
  type ChatMessage,
  type ChatRequest,
  type ModelEndpoint,
  MyriadError,
  type Priority,
  type ResponseFormat,
  type TextPart,
} from '@myriad/contracts';
import { compact } from '../dialect/json-value.ts';
import { schemaInstruction } from '../dialect/schema-instruction.ts';
import { writeTurns } from './write-turns.ts';

const defaultMaxTokens = 8192;
/** Fields only of other dialects, which a caller of those may have sent along. */
const foreignFields = new Set([
  'stream_options',
  'logit_bias',
  'store',
  'modalities',
  'prediction',
  'generationConfig',
  'n',
]);

/** @throws MyriadError `unsupported` for several choices, log probabilities and audio. */
export function writeRequest(
  request: ChatRequest,
  endpoint: ModelEndpoint,
  stream: boolean,
  priority?: Priority,
): Record<string, unknown> {
  if ((request.choices ?? 1) > 1) throw unsupported('more than one choice');
  if (request.logprobs) throw unsupported('log probabilities');
  const thinking = writeThinking(request, endpoint);
  const format = writeFormat(request.responseFormat, endpoint);
  const output = compact({ effort: thinking.effort, format: format.field });
  const wanted = request.maxOutputTokens ?? endpoint.maxOutputTokens ?? defaultMaxTokens;
  return {
    ...knownHere(request.extra),
    ...compact({
      model: endpoint.upstreamModel,
      // Thinking counts against max_tokens, so a budget is added to what the caller wants to read.
      max_tokens: thinking.budget === undefined ? wanted : wanted + thinking.budget,
      system: writeSystem(request.messages, format.instruction),
      messages: writeTurns(request.messages),
      stream: stream || undefined,
      temperature: request.temperature,
      top_p: request.topP,
      stop_sequences: request.stop && request.stop.length > 0 ? request.stop : undefined,
      tools: request.tools?.map((tool) =>
        compact({
          name: tool.name,
          description: tool.description,
          input_schema: tool.parameters,
          cache_control: tool.cacheControl,
          strict: tool.strict,
        }),
      ),
      tool_choice: writeToolChoice(request),
      thinking: thinking.field,
      output_config: Object.keys(output).length > 0 ? output : undefined,
      // Capacity set aside is for those who wait: https://docs.anthropic.com/en/api/service-tiers
      service_tier: serviceTier(endpoint, priority),
      metadata: request.endUser === undefined ? undefined : { user_id: request.endUser },
    }),
  };
}

/** All system and developer text, in order, before the turns; blocks only where a cache mark must be kept. */
function writeSystem(messages: readonly ChatMessage[], instruction: string | undefined): unknown {
  const parts: TextPart[] = messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? message.content : [],
  );
  if (instruction) parts.push({ type: 'text', text: instruction });
  if (parts.length === 0) return undefined;
  if (parts.every((part) => part.cacheControl === undefined)) return parts.map((part) => part.text).join('\n\n');
  return parts.map((part) => compact({ type: 'text', text: part.text, cache_control: part.cacheControl }));
}

function writeFormat(
  format: ResponseFormat | undefined,
  endpoint: ModelEndpoint,
): { field?: unknown; instruction?: string } {
  if (!format || format.type === 'text') return {};
  if (format.type === 'jsonObject') return { instruction: 'Answer with one JSON object and nothing else.' };
  // Models before structured outputs are told in words; the endpoint's option says so.
  if (endpoint.options.jsonSchema === 'emulate') return { instruction: schemaInstruction(format) };
  return { field: { type: 'json_schema', schema: format.schema } };
}

/**
 * Effort goes to `output_config.effort` with adaptive thinking; a budget uses the older form, which models before 4.6 need.
 */
function writeThinking(
  request: ChatRequest,
  endpoint: ModelEndpoint,
): { field?: unknown; effort?: string; budget?: number } {
  const wish = request.reasoning;
  if (!wish) return {};
  if (wish.effort === 'none') return { field: { type: 'disabled' } };
  const budget = wish.budgetTokens ?? (endpoint.options.thinking === 'budget' ? budgetOf(wish.effort) : undefined);
  if (budget !== undefined) return { field: { type: 'enabled', budget_tokens: budget }, budget };
  return { field: { type: 'adaptive' }, effort: wish.effort === 'minimal' ? 'low' : (wish.effort ?? 'high') };
}

function budgetOf(effort: string | undefined): number {
  return effort === 'high' ? 16_384 : effort === 'medium' ? 8192 : effort === 'low' ? 4096 : 1024;
}

function writeToolChoice(request: ChatRequest): unknown {
  if (!request.tools || request.tools.length === 0) return undefined;
  const single = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const choice = request.toolChoice;
  if (choice === undefined) return request.parallelToolCalls === false ? { type: 'auto', ...single } : undefined;
  if (choice === 'none') return { type: 'none' };
  if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...single };
  return { type: choice === 'required' ? 'any' : 'auto', ...single };
}

function knownHere(extra: ChatRequest['extra']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra ?? {}).filter(([name]) => !foreignFields.has(name)));
}

function unsupported(what: string): MyriadError {
  return new MyriadError('unsupported', `Anthropic's Messages API cannot be asked for ${what}.`, {
    facts: { provider: 'anthropic' },
  });
}

/** Told only to endpoints with the option `forwardPriority`: the tiers have prices of their own. */
function serviceTier(endpoint: ModelEndpoint, priority: Priority | undefined): string | undefined {
  if (endpoint.options.forwardPriority !== true || priority === undefined) return undefined;
  return priority === 'batch' ? 'standard_only' : 'auto';
}
