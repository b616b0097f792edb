/**
 * OpenAI's chat-completions body → our dialect-free request. Checks by hand, since this stands in every request's way;
 * each refusal names the parameter. Fields that we do not know are kept in `extra`.
 *
 * Source of the shape: OpenAI API reference, "Create chat completion".
 */
import type { ChatRequest, ResponseFormat, ToolChoice, ToolDefinition } from '@myriad/contracts';
import { bad, flag, integer, isObject, type Json, list, number, object, optional, text } from '../http/checks.ts';
import { parseMessage } from './parse-message.ts';

export interface ParsedChat {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly request: ChatRequest;
  /** Myriad's own fields: `unit`, `inputs`, and the run's metadata. */
  readonly unit: string | null;
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
}

const known = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'seed',
  'n',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'user',
  'myriad',
]);

/** @throws MyriadError `invalid_request` with facts.param. */
export function parseChat(body: unknown): ParsedChat {
  if (!isObject(body)) throw bad('', 'The body must be a JSON object.');
  const model = body.model;
  if (typeof model !== 'string' || model === '')
    throw bad('model', 'Expected the name of a model, such as "app:assistant".');
  if (!Array.isArray(body.messages)) throw bad('messages', 'Expected a list of messages.');
  if (body.messages.length === 0) throw bad('messages', 'Expected at least one message.');
  const extra: Json = {};
  for (const key of Object.keys(body)) if (!known.has(key)) extra[key] = body[key];
  const own = body.myriad === undefined ? {} : object(body.myriad, 'myriad');
  const streamOptions =
    body.stream_options === undefined || body.stream_options === null
      ? {}
      : object(body.stream_options, 'stream_options');
  const request: ChatRequest = {
    messages: body.messages.map((message, index) => parseMessage(message, `messages[${index}]`)),
    ...optional('tools', parseTools(body.tools)),
    ...optional('toolChoice', parseToolChoice(body.tool_choice)),
    ...optional('parallelToolCalls', flag(body.parallel_tool_calls, 'parallel_tool_calls')),
    ...optional('responseFormat', parseResponseFormat(body.response_format)),
    ...optional('temperature', number(body.temperature, 'temperature', 0, 2)),
    ...optional('topP', number(body.top_p, 'top_p', 0, 1)),
    ...optional(
      'maxOutputTokens',
      integer(body.max_completion_tokens ?? body.max_tokens, 'max_completion_tokens', 1, 10_000_000),
    ),
    ...optional('stop', parseStop(body.stop)),
    ...optional('seed', integer(body.seed, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)),
    ...optional('choices', integer(body.n, 'n', 1, 128)),
    ...optional('presencePenalty', number(body.presence_penalty, 'presence_penalty', -2, 2)),
    ...optional('frequencyPenalty', number(body.frequency_penalty, 'frequency_penalty', -2, 2)),
    ...optional('logprobs', flag(body.logprobs, 'logprobs')),
    ...optional('topLogprobs', integer(body.top_logprobs, 'top_logprobs', 0, 20)),
    ...optional('reasoning', parseEffort(body.reasoning_effort)),
    ...optional('endUser', text(body.user, 'user')),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
  const unit = own.unit ?? null;
  if (unit !== null && (typeof unit !== 'string' || unit === '' || unit.length > 512))
    throw bad('myriad.unit', 'Expected the name of the unit, at most 512 characters.');
  return {
    model,
    stream: flag(body.stream, 'stream') ?? false,
    includeUsage: flag(streamOptions.include_usage, 'stream_options.include_usage') ?? false,
    request,
    unit,
    inputs: own.inputs === undefined ? undefined : object(own.inputs, 'myriad.inputs'),
  };
}

function parseTools(value: unknown): ToolDefinition[] | undefined {
  if (value === undefined || value === null) return undefined;
  return list(value, 'tools').map((item, index) => {
    const at = `tools[${index}]`;
    const tool = object(item, at);
    if (tool.type !== 'function') throw bad(`${at}.type`, 'Only "function" is supported.');
    const fn = object(tool.function, `${at}.function`);
    const name = text(fn.name, `${at}.function.name`);
    if (!name || !/^[\w.-]{1,128}$/.test(name))
      throw bad(`${at}.function.name`, 'Expected letters, digits, _ . or -, at most 128.');
    return {
      name,
      parameters:
        fn.parameters === undefined || fn.parameters === null
          ? { type: 'object', properties: {} }
          : object(fn.parameters, `${at}.function.parameters`),
      ...optional('description', text(fn.description, `${at}.function.description`)),
      ...optional('strict', flag(fn.strict, `${at}.function.strict`)),
    };
  });
}

function parseToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return value;
  const choice = object(value, 'tool_choice');
  const name = text(object(choice.function, 'tool_choice.function').name, 'tool_choice.function.name');
  if (!name) throw bad('tool_choice', 'Expected auto, none, required or a function by name.');
  return { name };
}

function parseResponseFormat(value: unknown): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = object(value, 'response_format');
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'jsonObject' };
  if (format.type !== 'json_schema') throw bad('response_format.type', 'Expected text, json_object or json_schema.');
  const schema = object(format.json_schema, 'response_format.json_schema');
  return {
    type: 'jsonSchema',
    name: text(schema.name, 'response_format.json_schema.name') ?? 'answer',
    schema: object(schema.schema, 'response_format.json_schema.schema'),
    ...optional('strict', flag(schema.strict, 'response_format.json_schema.strict')),
    ...optional('description', text(schema.description, 'response_format.json_schema.description')),
  };
}

function parseStop(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const stops = typeof value === 'string' ? [value] : list(value, 'stop');
  if (!stops.every((stop): stop is string => typeof stop === 'string'))
    throw bad('stop', 'Expected a text or a list of texts.');
  return stops;
}

/** @throws MyriadError `invalid_request` for a word that is no effort. */
export function parseEffort(value: unknown): ChatRequest['reasoning'] | undefined {
  if (value === undefined || value === null) return undefined;
  const efforts = ['none', 'minimal', 'low', 'medium', 'high'] as const;
  const effort = efforts.find((candidate) => candidate === value);
  if (!effort) throw bad('reasoning_effort', `Expected one of ${efforts.join(', ')}.`);
  return { effort };
}
