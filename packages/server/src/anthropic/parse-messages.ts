/**
 * Anthropic's Messages body → our dialect-free request. Source of the shape: Anthropic API reference, "Messages". Fields
 * that we do not know are kept in `extra`.
 */
import type {
  ChatMessage,
  ChatRequest,
  ContentPart,
  MediaSource,
  ReasoningPart,
  TextPart,
  ToolCall,
  ToolChoice,
  ToolDefinition,
} from '@myriad/contracts';
import { bad, flag, integer, isObject, type Json, list, number, object, optional, text } from '../http/checks.ts';

export interface ParsedMessages {
  readonly model: string;
  readonly stream: boolean;
  readonly unit: string | null;
  readonly request: ChatRequest;
}

const known = new Set([
  'model',
  'messages',
  'system',
  'stream',
  'max_tokens',
  'temperature',
  'top_p',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'metadata',
]);

/** @param counting True for `count_tokens`, where `max_tokens` is not asked for. @throws MyriadError `invalid_request` with facts.param. */
export function parseMessages(body: unknown, counting = false): ParsedMessages {
  if (!isObject(body)) throw bad('', 'The body must be a JSON object.');
  const model = text(body.model, 'model');
  if (!model) throw bad('model', 'Expected the name of a model, such as "app:assistant".');
  const messages = list(body.messages, 'messages').flatMap((message, index) =>
    parseMessage(message, `messages[${index}]`),
  );
  if (messages.length === 0) throw bad('messages', 'Expected at least one message.');
  const maxOutputTokens = integer(body.max_tokens, 'max_tokens', 1, 10_000_000);
  if (maxOutputTokens === undefined && !counting)
    throw bad('max_tokens', 'Expected a whole number; the Messages dialect requires it.');
  const system = body.system === undefined || body.system === null ? [] : textBlocks(body.system, 'system');
  const metadata = body.metadata === undefined || body.metadata === null ? {} : object(body.metadata, 'metadata');
  const unit = text(metadata.user_id, 'metadata.user_id') ?? null;
  const extra: Json = {};
  for (const key of Object.keys(body)) if (!known.has(key)) extra[key] = body[key];
  const choice = parseToolChoice(body.tool_choice);
  return {
    model,
    unit,
    stream: flag(body.stream, 'stream') ?? false,
    request: {
      messages: [...(system.length > 0 ? [{ role: 'system' as const, content: system }] : []), ...messages],
      ...optional('maxOutputTokens', maxOutputTokens),
      ...optional('temperature', number(body.temperature, 'temperature', 0, 1)),
      ...optional('topP', number(body.top_p, 'top_p', 0, 1)),
      ...optional(
        'stop',
        body.stop_sequences === undefined ? undefined : list(body.stop_sequences, 'stop_sequences').map(String),
      ),
      ...optional('tools', parseTools(body.tools)),
      ...choice,
      ...optional('reasoning', parseThinking(body.thinking)),
      ...optional('endUser', unit ?? undefined),
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    },
  };
}

/** One Anthropic message may hold tool results beside text; ours keeps each result a message of its own. */
function parseMessage(value: unknown, at: string): ChatMessage[] {
  const message = object(value, at);
  const blocks =
    typeof message.content === 'string'
      ? [{ type: 'text', text: message.content }]
      : list(message.content, `${at}.content`);
  if (message.role === 'assistant') return [parseAssistant(blocks, `${at}.content`)];
  if (message.role !== 'user')
    throw bad(`${at}.role`, `Expected user or assistant; got ${JSON.stringify(message.role)}.`);
  const results: ChatMessage[] = [];
  const content: ContentPart[] = [];
  blocks.forEach((item, index) => {
    const place = `${at}.content[${index}]`;
    const block = object(item, place);
    if (block.type === 'tool_result') results.push(parseToolResult(block, place));
    else content.push(parseBlock(block, place));
  });
  return content.length > 0 ? [...results, { role: 'user', content }] : results;
}

function parseToolResult(block: Json, at: string): ChatMessage {
  const toolCallId = text(block.tool_use_id, `${at}.tool_use_id`);
  if (!toolCallId) throw bad(`${at}.tool_use_id`, 'Expected the id of the tool use that this answers.');
  const content =
    block.content === undefined
      ? []
      : typeof block.content === 'string'
        ? [{ type: 'text' as const, text: block.content }]
        : list(block.content, `${at}.content`).map((item, index) =>
            parseBlock(object(item, `${at}.content[${index}]`), `${at}.content[${index}]`),
          );
  return {
    role: 'tool',
    toolCallId,
    content,
    ...optional('isError', flag(block.is_error, `${at}.is_error`)),
    ...cacheMark(block),
  };
}

function parseAssistant(blocks: readonly unknown[], at: string): ChatMessage {
  const content: TextPart[] = [];
  const reasoning: ReasoningPart[] = [];
  const toolCalls: ToolCall[] = [];
  blocks.forEach((item, index) => {
    const place = `${at}[${index}]`;
    const block = object(item, place);
    if (block.type === 'thinking')
      reasoning.push({
        text: text(block.thinking, `${place}.thinking`) ?? '',
        ...optional('signature', text(block.signature, `${place}.signature`)),
      });
    else if (block.type === 'redacted_thinking')
      reasoning.push({ text: '', ...optional('encrypted', text(block.data, `${place}.data`)) });
    else if (block.type === 'tool_use')
      toolCalls.push({
        id: text(block.id, `${place}.id`) ?? '',
        name: text(block.name, `${place}.name`) ?? '',
        argumentsJson: JSON.stringify(block.input ?? {}),
        ...cacheMark(block),
      });
    else content.push(...textBlocks([block], place));
  });
  return {
    role: 'assistant',
    content,
    ...(reasoning.length > 0 ? { reasoning } : {}),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  };
}

function textBlocks(value: unknown, at: string): TextPart[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  return list(value, at).map((item, index) => {
    const part = parseBlock(object(item, `${at}[${index}]`), `${at}[${index}]`);
    if (part.type !== 'text') throw bad(`${at}[${index}].type`, 'Only text can stand here.');
    return part;
  });
}

function parseBlock(block: Json, at: string): ContentPart {
  switch (block.type) {
    case 'text':
      if (typeof block.text !== 'string') throw bad(`${at}.text`, 'Expected a text.');
      return { type: 'text', text: block.text, ...cacheMark(block) };
    case 'image':
      return {
        type: 'image',
        source: parseSource(object(block.source, `${at}.source`), `${at}.source`),
        ...cacheMark(block),
      };
    case 'document':
      return {
        type: 'file',
        source: parseSource(object(block.source, `${at}.source`), `${at}.source`),
        ...optional('name', text(block.title, `${at}.title`)),
        ...cacheMark(block),
      };
    default:
      throw bad(
        `${at}.type`,
        `Expected text, image, document, tool_use, tool_result or thinking; got ${JSON.stringify(block.type)}.`,
      );
  }
}

/** The mark of a prompt cache, kept as it is for a server that reads it. */
function cacheMark(block: Json): { cacheControl?: unknown } {
  return block.cache_control === undefined || block.cache_control === null ? {} : { cacheControl: block.cache_control };
}

function parseSource(source: Json, at: string): MediaSource {
  if (source.type === 'base64')
    return {
      kind: 'base64',
      mediaType: text(source.media_type, `${at}.media_type`) ?? 'application/octet-stream',
      data: text(source.data, `${at}.data`) ?? '',
    };
  // Plain text comes as text; ours carries every document's bytes alike.
  if (source.type === 'text')
    return {
      kind: 'base64',
      mediaType: 'text/plain',
      data: Buffer.from(text(source.data, `${at}.data`) ?? '').toString('base64'),
    };
  if (source.type === 'file') return { kind: 'fileId', fileId: text(source.file_id, `${at}.file_id`) ?? '' };
  if (source.type === 'url' && /^https?:\/\//.test(String(source.url))) return { kind: 'url', url: String(source.url) };
  throw bad(at, 'Expected a source of type base64, text, url (http or https) or file.');
}

function parseTools(value: unknown): ToolDefinition[] | undefined {
  if (value === undefined || value === null) return undefined;
  return list(value, 'tools').map((item, index) => {
    const tool = object(item, `tools[${index}]`);
    const name = text(tool.name, `tools[${index}].name`);
    if (!name) throw bad(`tools[${index}].name`, 'Expected the name of the tool.');
    if (tool.input_schema === undefined)
      throw bad(
        `tools[${index}]`,
        'Only tools with an input_schema are supported; tools that run at a provider are not.',
      );
    return {
      name,
      parameters: object(tool.input_schema, `tools[${index}].input_schema`),
      ...optional('description', text(tool.description, `tools[${index}].description`)),
      ...cacheMark(tool),
    };
  });
}

function parseToolChoice(value: unknown): { toolChoice?: ToolChoice; parallelToolCalls?: boolean } {
  if (value === undefined || value === null) return {};
  const choice = object(value, 'tool_choice');
  const parallel = choice.disable_parallel_tool_use === true ? { parallelToolCalls: false } : {};
  if (choice.type === 'tool') return { toolChoice: { name: text(choice.name, 'tool_choice.name') ?? '' }, ...parallel };
  const mapped = ({ auto: 'auto', any: 'required', none: 'none' } as const)[String(choice.type) as 'auto'];
  if (!mapped) throw bad('tool_choice.type', 'Expected auto, any, tool or none.');
  return { toolChoice: mapped, ...parallel };
}

function parseThinking(value: unknown): ChatRequest['reasoning'] | undefined {
  if (value === undefined || value === null) return undefined;
  const thinking = object(value, 'thinking');
  if (thinking.type === 'disabled') return { effort: 'none' };
  return { ...optional('budgetTokens', integer(thinking.budget_tokens, 'thinking.budget_tokens', 1, 10_000_000)) };
}
