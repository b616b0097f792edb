/** Messages of the chat-completions dialect → ours. */
import type { ChatMessage, ContentPart, TextPart, ToolCall } from '@myriad/contracts';
import { bad, type Json, list, object, text } from '../http/checks.ts';

export function parseMessage(value: unknown, at: string): ChatMessage {
  const message = object(value, at);
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: message.role, content: textParts(message.content, `${at}.content`) };
    case 'user': {
      const name = text(message.name, `${at}.name`);
      return {
        role: 'user',
        content: contentParts(message.content, `${at}.content`),
        ...(name === undefined ? {} : { name }),
      };
    }
    case 'assistant':
      return parseAssistant(message, at);
    case 'tool':
    case 'function': {
      const toolCallId = text(message.tool_call_id ?? message.name, `${at}.tool_call_id`);
      if (toolCallId === undefined)
        throw bad(`${at}.tool_call_id`, 'Expected the id of the tool call that this answers.');
      return { role: 'tool', toolCallId, content: contentParts(message.content, `${at}.content`) };
    }
    default:
      throw bad(
        `${at}.role`,
        `Expected system, developer, user, assistant or tool; got ${JSON.stringify(message.role)}.`,
      );
  }
}

function parseAssistant(message: Json, at: string): ChatMessage {
  const toolCalls =
    message.tool_calls === undefined || message.tool_calls === null
      ? undefined
      : list(message.tool_calls, `${at}.tool_calls`).map((call, index) =>
          parseToolCall(call, `${at}.tool_calls[${index}]`),
        );
  const missing = message.content === null || message.content === undefined;
  if (missing && !toolCalls?.length && typeof message.refusal !== 'string') {
    throw bad(`${at}.content`, 'An assistant message needs content or tool_calls.');
  }
  const reasoning = text(message.reasoning_content ?? message.reasoning, `${at}.reasoning_content`);
  const refusal = text(message.refusal, `${at}.refusal`);
  return {
    role: 'assistant',
    content: missing || message.content === '' ? [] : textParts(message.content, `${at}.content`),
    ...(toolCalls ? { toolCalls } : {}),
    ...(reasoning ? { reasoning: [{ text: reasoning }] } : {}),
    ...(refusal ? { refusal } : {}),
  };
}

function parseToolCall(value: unknown, at: string): ToolCall {
  const call = object(value, at);
  const fn = object(call.function, `${at}.function`);
  const id = text(call.id, `${at}.id`);
  const name = text(fn.name, `${at}.function.name`);
  if (id === undefined) throw bad(`${at}.id`, 'Expected the id of the call.');
  if (name === undefined) throw bad(`${at}.function.name`, 'Expected the name of the function.');
  return { id, name, argumentsJson: text(fn.arguments, `${at}.function.arguments`) ?? '' };
}

function textParts(value: unknown, at: string): TextPart[] {
  return contentParts(value, at).map((part) => {
    if (part.type !== 'text') throw bad(at, 'Only text can stand here.');
    return part;
  });
}

function contentParts(value: unknown, at: string): ContentPart[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw bad(at, 'Expected a text or a list of content parts.');
  return value.map((part, index) => parsePart(part, `${at}[${index}]`));
}

function parsePart(value: unknown, at: string): ContentPart {
  const part = object(value, at);
  switch (part.type) {
    case 'text':
      if (typeof part.text !== 'string') throw bad(`${at}.text`, 'Expected a text.');
      return {
        type: 'text',
        text: part.text,
        ...(part.cache_control === undefined ? {} : { cacheControl: part.cache_control }),
      };
    case 'refusal':
      return { type: 'text', text: text(part.refusal, `${at}.refusal`) ?? '' };
    case 'image_url': {
      const image = object(part.image_url, `${at}.image_url`);
      const url = text(image.url, `${at}.image_url.url`);
      if (!url) throw bad(`${at}.image_url.url`, 'Expected an address or a data: address.');
      const detail = image.detail as 'auto' | 'low' | 'high' | undefined;
      return { type: 'image', source: mediaSource(url, `${at}.image_url.url`), ...(detail ? { detail } : {}) };
    }
    case 'input_audio': {
      const audio = object(part.input_audio, `${at}.input_audio`);
      const format = text(audio.format, `${at}.input_audio.format`) ?? 'wav';
      return {
        type: 'audio',
        format,
        source: {
          kind: 'base64',
          mediaType: `audio/${format}`,
          data: text(audio.data, `${at}.input_audio.data`) ?? '',
        },
      };
    }
    case 'file': {
      const file = object(part.file, `${at}.file`);
      const name = text(file.filename, `${at}.file.filename`);
      const fileId = text(file.file_id, `${at}.file.file_id`);
      const data = text(file.file_data, `${at}.file.file_data`);
      if (!fileId && !data) throw bad(`${at}.file`, 'Expected file_id or file_data.');
      return {
        type: 'file',
        source: fileId ? { kind: 'fileId', fileId } : mediaSource(data as string, `${at}.file.file_data`),
        ...(name ? { name } : {}),
      };
    }
    default:
      throw bad(`${at}.type`, `Expected text, image_url, input_audio or file; got ${JSON.stringify(part.type)}.`);
  }
}

/** Where the bytes are: an http(s) address, or a data: address in base64. @throws MyriadError `invalid_request`. */
export function mediaSource(url: string, at: string) {
  if (!url.startsWith('data:')) {
    if (!/^https?:\/\//.test(url)) throw bad(at, 'Expected an http(s) or data: address.');
    return { kind: 'url', url } as const;
  }
  const match = /^data:([^;,]+)?(?:;[^;,]+)*;base64,(.*)$/s.exec(url);
  if (!match) throw bad(at, 'Expected a data: address in base64.');
  return { kind: 'base64', mediaType: match[1] ?? 'application/octet-stream', data: match[2] as string } as const;
}
