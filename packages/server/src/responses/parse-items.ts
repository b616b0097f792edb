/**
 * Input items of OpenAI's Responses dialect → our messages. What one assistant turn said, thought and called comes as
 * several items and is joined into one message. Source of the shapes: OpenAI API reference, "Create a model response".
 */
import {
  type ChatMessage,
  type ContentPart,
  MyriadError,
  type ReasoningPart,
  type TextPart,
  type ToolCall,
} from '@myriad/contracts';
import { bad, isObject, type Json, list, object, text } from '../http/checks.ts';
import { mediaSource } from '../openai/parse-message.ts';

/** Marks a signature that came from a family whose reasoning is signed, not encrypted; opaque to callers. */
export const signaturePrefix = 'myriad-signature:';

/** @throws MyriadError `invalid_request` with facts.param; `unsupported` for items of tools that OpenAI hosts. */
export function parseItems(input: unknown, at: string): Json[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return list(input, at).map((item, index) => object(item, `${at}[${index}]`));
}

export function messagesOf(items: readonly Json[], at: string): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let turn: { content: TextPart[]; reasoning: ReasoningPart[]; toolCalls: ToolCall[] } | null = null;
  const assistant = () => {
    turn ??= { content: [], reasoning: [], toolCalls: [] };
    return turn;
  };
  const flush = () => {
    if (!turn) return;
    const { content, reasoning, toolCalls } = turn;
    turn = null;
    // Reasoning alone says nothing to the next model.
    if (content.length === 0 && toolCalls.length === 0) return;
    messages.push({
      role: 'assistant',
      content,
      ...(reasoning.length > 0 ? { reasoning } : {}),
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
    });
  };
  items.forEach((item, index) => {
    const here = `${at}[${index}]`;
    const type = item.type ?? 'message';
    if (type === 'message' && item.role === 'assistant') {
      assistant().content.push(...assistantParts(item.content, `${here}.content`));
    } else if (type === 'reasoning') assistant().reasoning.push(parseReasoning(item, here));
    else if (type === 'function_call') assistant().toolCalls.push(parseCall(item, here));
    else {
      flush();
      messages.push(type === 'function_call_output' ? parseOutput(item, here) : parseMessage(item, type, here));
    }
  });
  flush();
  return messages;
}

function parseMessage(item: Json, type: unknown, at: string): ChatMessage {
  if (type !== 'message')
    throw new MyriadError('unsupported', `${at}.type: Items of type ${JSON.stringify(type)} are not supported here.`, {
      facts: { param: `${at}.type` },
    });
  const content = contentParts(item.content, `${at}.content`);
  switch (item.role) {
    case 'user':
      return { role: 'user', content };
    case 'system':
    case 'developer':
      return { role: item.role, content: onlyText(content, `${at}.content`) };
    default:
      throw bad(`${at}.role`, 'Expected user, assistant, system or developer.');
  }
}

function parseReasoning(item: Json, at: string): ReasoningPart {
  const pieces = [
    ...(Array.isArray(item.content) ? item.content : []),
    ...(Array.isArray(item.summary) ? item.summary : []),
  ];
  const words = pieces.map((piece) => (isObject(piece) && typeof piece.text === 'string' ? piece.text : '')).join('\n');
  const sealed = text(item.encrypted_content, `${at}.encrypted_content`);
  if (sealed === undefined) return { text: words };
  return sealed.startsWith(signaturePrefix)
    ? { text: words, signature: sealed.slice(signaturePrefix.length) }
    : { text: words, encrypted: sealed };
}

function parseCall(item: Json, at: string): ToolCall {
  const id = text(item.call_id, `${at}.call_id`);
  const name = text(item.name, `${at}.name`);
  if (!id) throw bad(`${at}.call_id`, 'Expected the id of the call.');
  if (!name) throw bad(`${at}.name`, 'Expected the name of the function.');
  return { id, name, argumentsJson: text(item.arguments, `${at}.arguments`) ?? '' };
}

function parseOutput(item: Json, at: string): ChatMessage {
  const toolCallId = text(item.call_id, `${at}.call_id`);
  if (!toolCallId) throw bad(`${at}.call_id`, 'Expected the id of the call that this answers.');
  return { role: 'tool', toolCallId, content: contentParts(item.output, `${at}.output`) };
}

function assistantParts(value: unknown, at: string): TextPart[] {
  return onlyText(contentParts(value, at), at);
}

function onlyText(parts: readonly ContentPart[], at: string): TextPart[] {
  return parts.map((part) => {
    if (part.type !== 'text') throw bad(at, 'Only text can stand here.');
    return part;
  });
}

function contentParts(value: unknown, at: string): ContentPart[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  return list(value, at).map((part, index) => parsePart(object(part, `${at}[${index}]`), `${at}[${index}]`));
}

function parsePart(part: Json, at: string): ContentPart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      if (typeof part.text !== 'string') throw bad(`${at}.text`, 'Expected a text.');
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'text', text: text(part.refusal, `${at}.refusal`) ?? '' };
    case 'input_image': {
      const url = text(part.image_url, `${at}.image_url`);
      const fileId = text(part.file_id, `${at}.file_id`);
      if (!url && !fileId) throw bad(at, 'Expected image_url or file_id.');
      const detail = part.detail as 'auto' | 'low' | 'high' | undefined;
      return {
        type: 'image',
        source: url ? mediaSource(url, `${at}.image_url`) : { kind: 'fileId', fileId: fileId as string },
        ...(detail ? { detail } : {}),
      };
    }
    case 'input_file': {
      const fileId = text(part.file_id, `${at}.file_id`);
      const address = text(part.file_data ?? part.file_url, `${at}.file_data`);
      const name = text(part.filename, `${at}.filename`);
      if (!fileId && !address) throw bad(at, 'Expected file_id, file_url or file_data.');
      return {
        type: 'file',
        source: fileId ? { kind: 'fileId', fileId } : mediaSource(address as string, `${at}.file_data`),
        ...(name ? { name } : {}),
      };
    }
    default:
      throw bad(
        `${at}.type`,
        `Expected input_text, output_text, input_image or input_file; got ${JSON.stringify(part.type)}.`,
      );
  }
}
