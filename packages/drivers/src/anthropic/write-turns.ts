import { type ChatMessage, type ContentPart, type MediaSource, MyriadError, type ToolCall } from '@myriad/contracts';
import { asRecord, compact } from '../dialect/json-value.ts';
import { isTurn, type TurnMessage } from '../dialect/turn-message.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: unknown[];
}

/**
 * Messages as turns: neighbours of one role become one turn, so that the results of parallel tool calls stand together in
 * the user turn right after them, as the API asks.
 */
export function writeTurns(messages: readonly ChatMessage[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (!isTurn(message)) continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = writeContent(message);
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return turns;
}

function writeContent(message: TurnMessage): unknown[] {
  if (message.role === 'user') return message.content.filter(notEmpty).map(writePart);
  if (message.role === 'tool')
    return [
      compact({
        type: 'tool_result',
        tool_use_id: message.toolCallId,
        content: message.content.filter(notEmpty).map(writePart),
        is_error: message.isError || undefined,
        cache_control: message.cacheControl,
      }),
    ];
  const thinking = (message.reasoning ?? []).flatMap((part): unknown[] => {
    if (part.encrypted !== undefined) return [{ type: 'redacted_thinking', data: part.encrypted }];
    // Thinking without a signature came from another family, and would be refused.
    return part.signature === undefined ? [] : [{ type: 'thinking', thinking: part.text, signature: part.signature }];
  });
  const text = message.content.filter(notEmpty).map(writePart);
  const refusal = message.refusal ? [{ type: 'text', text: message.refusal }] : [];
  return [...thinking, ...text, ...refusal, ...(message.toolCalls ?? []).map(writeToolUse)];
}

/** The API refuses empty text blocks. */
function notEmpty(part: ContentPart): boolean {
  return part.type !== 'text' || part.text !== '';
}

function writeToolUse(call: ToolCall): unknown {
  return compact({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: inputOf(call.argumentsJson),
    cache_control: call.cacheControl,
  });
}

/** Arguments that were cut off are sent as the documentation of fine-grained tool streaming proposes. */
function inputOf(argumentsJson: string): unknown {
  if (argumentsJson.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(argumentsJson);
    if (asRecord(value)) return value;
  } catch {
    // Falls through: not an object.
  }
  return { INVALID_JSON: argumentsJson };
}

function writePart(part: ContentPart): unknown {
  switch (part.type) {
    case 'text':
      return compact({ type: 'text', text: part.text, cache_control: part.cacheControl });
    case 'image':
      return compact({ type: 'image', source: writeSource(part.source), cache_control: part.cacheControl });
    case 'file':
      return compact({
        type: 'document',
        source: writeDocument(part.source),
        title: part.name,
        cache_control: part.cacheControl,
      });
    case 'audio':
      throw new MyriadError('unsupported', "Anthropic's Messages API cannot carry audio.", {
        facts: { provider: 'anthropic' },
      });
  }
}

function writeSource(source: MediaSource): unknown {
  if (source.kind === 'url') return { type: 'url', url: source.url };
  if (source.kind === 'fileId') return { type: 'file', file_id: source.fileId };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

/** Plain text goes as text: base64 documents are for PDF. */
function writeDocument(source: MediaSource): unknown {
  if (source.kind === 'base64' && source.mediaType.startsWith('text/'))
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString('utf8') };
  return writeSource(source);
}
