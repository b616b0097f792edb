/** OpenAI's `POST /v1/responses` body → our dialect-free request. What cannot be done here is refused, never dropped. */
import {
  type ChatMessage,
  type ChatRequest,
  MyriadError,
  type ResponseFormat,
  type ToolChoice,
  type ToolDefinition,
} from '@myriad/contracts';
import { bad, flag, integer, isObject, type Json, list, number, object, optional, text } from '../http/checks.ts';
import { parseEffort } from '../openai/parse-chat.ts';
import { messagesOf, parseItems } from './parse-items.ts';

export interface ParsedResponses {
  readonly model: string;
  readonly stream: boolean;
  readonly store: boolean;
  readonly previousId: string | null;
  /** Items of this turn, as they came. */
  readonly items: readonly Json[];
  /** Everything but the messages. */
  readonly settings: Omit<ChatRequest, 'messages'>;
  readonly instructions: string | null;
  readonly unit: string | null;
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
  /** Fields that the response object repeats. */
  readonly echo: Json;
}

/** Fields that ask for something that does not exist here, and what to say. */
const refused: Readonly<Record<string, string>> = {
  background: 'Responses are not run in the background here; leave it out or send false.',
  conversation: 'Conversations are not kept under this route; use previous_response_id.',
  prompt: 'Prompt templates are not kept here; make an app of it.',
  max_tool_calls: 'There are no built-in tools here whose calls could be limited.',
};
const includes = ['reasoning.encrypted_content', 'message.output_text.logprobs'];

/** @throws MyriadError `invalid_request` or `unsupported`, with facts.param. */
export function parseResponses(body: unknown): ParsedResponses {
  if (!isObject(body)) throw bad('', 'The body must be a JSON object.');
  if (typeof body.model !== 'string' || body.model === '')
    throw bad('model', 'Expected the name of a model, such as "app:assistant".');
  for (const [field, message] of Object.entries(refused))
    if (body[field] !== undefined && body[field] !== null && body[field] !== false) throw unsupported(field, message);
  if (body.truncation !== undefined && body.truncation !== null && body.truncation !== 'disabled')
    throw unsupported('truncation', 'Only "disabled" is supported: nothing is cut silently.');
  const include = body.include === undefined || body.include === null ? [] : list(body.include, 'include');
  for (const wanted of include)
    if (!includes.includes(String(wanted)))
      throw unsupported('include', `Only ${includes.join(' and ')} are known here.`);
  if (body.input === undefined && body.previous_response_id === undefined)
    throw bad('input', 'Expected a text or a list of items.');
  const own = body.myriad === undefined ? {} : object(body.myriad, 'myriad');
  const format = body.text === undefined || body.text === null ? {} : object(body.text, 'text');
  const reasoning = body.reasoning === undefined || body.reasoning === null ? {} : object(body.reasoning, 'reasoning');
  const topLogprobs = integer(body.top_logprobs, 'top_logprobs', 0, 20);
  const extra: Json = {
    ...optional('verbosity', text(format.verbosity, 'text.verbosity')),
    ...optional('prompt_cache_key', text(body.prompt_cache_key, 'prompt_cache_key')),
    ...optional('service_tier', body.service_tier === 'auto' ? undefined : text(body.service_tier, 'service_tier')),
  };
  const instructions = text(body.instructions, 'instructions') ?? null;
  const unit = own.unit ?? null;
  if (unit !== null && (typeof unit !== 'string' || unit === '' || unit.length > 512))
    throw bad('myriad.unit', 'Expected the name of the unit, at most 512 characters.');
  const items = body.input === undefined ? [] : parseItems(body.input, 'input');
  messagesOf(items, 'input'); // refuses a bad item before anything is run
  return {
    model: body.model,
    stream: flag(body.stream, 'stream') ?? false,
    store: flag(body.store, 'store') ?? true,
    previousId: text(body.previous_response_id, 'previous_response_id') ?? null,
    items,
    instructions,
    unit,
    inputs: own.inputs === undefined ? undefined : object(own.inputs, 'myriad.inputs'),
    settings: {
      ...optional('tools', parseTools(body.tools)),
      ...optional('toolChoice', parseToolChoice(body.tool_choice)),
      ...optional('parallelToolCalls', flag(body.parallel_tool_calls, 'parallel_tool_calls')),
      ...optional('responseFormat', parseFormat(format.format)),
      ...optional('temperature', number(body.temperature, 'temperature', 0, 2)),
      ...optional('topP', number(body.top_p, 'top_p', 0, 1)),
      ...optional('maxOutputTokens', integer(body.max_output_tokens, 'max_output_tokens', 1, 10_000_000)),
      ...optional('reasoning', parseEffort(reasoning.effort)),
      ...optional('endUser', text(body.safety_identifier ?? body.user, 'safety_identifier')),
      ...(include.includes(includes[1]) || topLogprobs !== undefined ? { logprobs: true } : {}),
      ...optional('topLogprobs', topLogprobs),
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    },
    echo: {
      instructions,
      metadata: body.metadata ?? {},
      parallel_tool_calls: body.parallel_tool_calls ?? true,
      previous_response_id: body.previous_response_id ?? null,
      temperature: body.temperature ?? null,
      top_p: body.top_p ?? null,
      max_output_tokens: body.max_output_tokens ?? null,
      tool_choice: body.tool_choice ?? 'auto',
      tools: body.tools ?? [],
      text: { format: { type: 'text' }, ...format },
      reasoning: { effort: reasoning.effort ?? null, summary: null },
      truncation: 'disabled',
      background: false,
      store: body.store ?? true,
    },
  };
}

/** The whole conversation in order: the instructions of this turn only, the stored turns, this turn. */
export function chatOf(parsed: ParsedResponses, earlier: readonly Json[]): ChatRequest {
  const first: ChatMessage[] = parsed.instructions
    ? [{ role: 'system', content: [{ type: 'text', text: parsed.instructions }] }]
    : [];
  const messages = [...first, ...messagesOf([...earlier, ...parsed.items], 'input')];
  if (messages.length === first.length) throw bad('input', 'Expected at least one item.');
  return { ...parsed.settings, messages };
}

function unsupported(param: string, message: string): MyriadError {
  return new MyriadError('unsupported', `${param}: ${message}`, { facts: { param } });
}

function parseTools(value: unknown): ToolDefinition[] | undefined {
  if (value === undefined || value === null) return undefined;
  return list(value, 'tools').map((item, index) => {
    const at = `tools[${index}]`;
    const tool = object(item, at);
    if (tool.type !== 'function')
      throw unsupported(`${at}.type`, 'Only "function" is supported; tools that run here belong to an app.');
    const name = text(tool.name, `${at}.name`);
    if (!name || !/^[\w.-]{1,128}$/.test(name))
      throw bad(`${at}.name`, 'Expected letters, digits, _ . or -, at most 128.');
    return {
      name,
      parameters:
        tool.parameters === undefined || tool.parameters === null
          ? { type: 'object', properties: {} }
          : object(tool.parameters, `${at}.parameters`),
      ...optional('description', text(tool.description, `${at}.description`)),
      ...optional('strict', flag(tool.strict, `${at}.strict`)),
    };
  });
}

function parseToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return value;
  const choice = object(value, 'tool_choice');
  const name = text(choice.name, 'tool_choice.name');
  if (choice.type !== 'function' || !name)
    throw unsupported('tool_choice', 'Expected auto, none, required or a function by name.');
  return { name };
}

function parseFormat(value: unknown): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = object(value, 'text.format');
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'jsonObject' };
  if (format.type !== 'json_schema') throw bad('text.format.type', 'Expected text, json_object or json_schema.');
  return {
    type: 'jsonSchema',
    name: text(format.name, 'text.format.name') ?? 'answer',
    schema: object(format.schema, 'text.format.schema'),
    ...optional('strict', flag(format.strict, 'text.format.strict')),
    ...optional('description', text(format.description, 'text.format.description')),
  };
}
