/** Our request as a body of OpenAI's chat dialect, by the provider's row. */
import { type ChatRequest, type ModelEndpoint, MyriadError, type Priority, type ToolChoice } from '@myriad/contracts';
import { compact } from '../dialect/json-value.ts';
import { schemaInstruction } from '../dialect/schema-instruction.ts';
import type { Quirk } from './quirks/quirk.ts';
import { writeMessage } from './write-message.ts';

/** Fields that only Anthropic's or Google's dialect has; a caller's unknown fields of those are not for this endpoint. */
const foreignFields = new Set([
  'container',
  'context_management',
  'mcp_servers',
  'inference_geo',
  'output_config',
  'generationConfig',
]);

/** @throws MyriadError `unsupported` for what the provider cannot be asked, never leaving it out silently. */
export function writeRequest(
  request: ChatRequest,
  endpoint: ModelEndpoint,
  quirk: Quirk,
  stream: boolean,
  priority?: Priority,
): Record<string, unknown> {
  if ((request.choices ?? 1) > 1 && !quirk.choices) throw unsupported(quirk, 'more than one choice');
  if (request.logprobs && !quirk.logprobs) throw unsupported(quirk, 'log probabilities');
  const format = writeFormat(request, quirk);
  const messages = request.messages.map((message) => writeMessage(message, quirk));
  if (format.instruction) messages.splice(leadingSystem(request), 0, { role: 'system', content: format.instruction });
  const body: Record<string, unknown> = {
    ...knownHere(request.extra),
    ...quirk.body,
    ...(priority && endpoint.options.forwardPriority === true ? quirk.priority?.[priority] : {}),
    ...extraBody(endpoint),
    ...compact({
      model: endpoint.upstreamModel,
      messages,
      stream: stream || undefined,
      stream_options: stream && quirk.streamOptions ? { include_usage: true } : undefined,
      [quirk.maxTokensField]: request.maxOutputTokens,
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop && request.stop.length > 0 ? request.stop : undefined,
      seed: request.seed,
      n: (request.choices ?? 1) > 1 ? request.choices : undefined,
      presence_penalty: request.presencePenalty,
      frequency_penalty: request.frequencyPenalty,
      logprobs: request.logprobs || undefined,
      top_logprobs: request.logprobs ? request.topLogprobs : undefined,
      tools: request.tools?.map((tool) => ({
        type: 'function',
        function: compact({
          name: tool.name,
          description: tool.description,
          parameters: tool.parameters,
          strict: tool.strict,
        }),
      })),
      tool_choice: writeToolChoice(request.toolChoice),
      parallel_tool_calls: request.tools ? request.parallelToolCalls : undefined,
      response_format: format.field,
      user: request.endUser,
    }),
  };
  turnThinkingKnob(body, request.reasoning, quirk);
  return body;
}

function writeFormat(request: ChatRequest, quirk: Quirk): { field?: unknown; instruction?: string } {
  const format = request.responseFormat;
  if (!format || format.type === 'text') return {};
  if (format.type === 'jsonObject') return { field: { type: 'json_object' } };
  if (quirk.jsonSchema === 'emulate') return { field: { type: 'json_object' }, instruction: schemaInstruction(format) };
  const { name, schema, strict, description } = format;
  return { field: { type: 'json_schema', json_schema: compact({ name, description, schema, strict }) } };
}

function writeToolChoice(choice: ToolChoice | undefined): unknown {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}

function turnThinkingKnob(body: Record<string, unknown>, wish: ChatRequest['reasoning'], quirk: Quirk): void {
  const knob = quirk.thinking;
  if (!knob || !wish) return;
  if (wish.effort === 'none') {
    mergeDeep(body, knob.off ?? {});
    return;
  }
  mergeDeep(body, knob.on ?? {});
  if (wish.budgetTokens !== undefined && knob.budget) setPath(body, knob.budget, wish.budgetTokens);
  else if (wish.effort && knob.effort) setPath(body, knob.effort.path, knob.effort.words[wish.effort]);
}

function setPath(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  mergeDeep(body, path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>);
}

function mergeDeep(into: Record<string, unknown>, from: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(from)) {
    const here = into[name];
    if (isPlain(here) && isPlain(value)) {
      const copy = { ...here };
      mergeDeep(copy, value);
      into[name] = copy;
    } else into[name] = value;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function leadingSystem(request: ChatRequest): number {
  const first = request.messages.findIndex((message) => message.role !== 'system' && message.role !== 'developer');
  return first < 0 ? request.messages.length : first;
}

function knownHere(extra: ChatRequest['extra']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra ?? {}).filter(([name]) => !foreignFields.has(name)));
}

/** Constant fields that the operator set on the endpoint, under `options.body`. */
function extraBody(endpoint: ModelEndpoint): Record<string, unknown> {
  return isPlain(endpoint.options.body) ? endpoint.options.body : {};
}

function unsupported(quirk: Quirk, what: string): MyriadError {
  return new MyriadError('unsupported', `${quirk.title} cannot be asked for ${what}.`, {
    facts: { provider: quirk.id },
  });
}
