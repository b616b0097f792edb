import {
  type ChatMessage,
  type ContentPart,
  type MediaSource,
  MyriadError,
  type ReasoningPart,
  type TextPart,
} from '@myriad/contracts';
import { compact } from '../dialect/json-value.ts';
import type { Quirk } from './quirks/quirk.ts';

/** One message as the dialect writes it. Text alone goes as a plain string, which every server reads. */
export function writeMessage(message: ChatMessage, quirk: Quirk): Record<string, unknown> {
  switch (message.role) {
    case 'system':
    case 'developer':
      return {
        role: message.role === 'developer' && quirk.developerRole ? 'developer' : 'system',
        content: textOf(message.content),
      };
    case 'user':
      return compact({ role: 'user', content: writeParts(message.content, quirk), name: message.name });
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: toolText(message.content, quirk) };
    case 'assistant': {
      const text = textOf(message.content);
      const calls = message.toolCalls?.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.argumentsJson === '' ? '{}' : call.argumentsJson },
      }));
      return compact({
        role: 'assistant',
        content: text === '' && (calls?.length || message.refusal) ? null : text,
        refusal: message.refusal,
        ...writeReasoning(message.reasoning, quirk),
        tool_calls: calls && calls.length > 0 ? calls : undefined,
      });
    }
  }
}

function textOf(parts: readonly TextPart[]): string {
  return parts.map((part) => part.text).join('');
}

function toolText(parts: readonly ContentPart[], quirk: Quirk): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      throw cannotCarry(quirk, `${part.type} in the result of a tool`);
    })
    .join('');
}

function writeParts(parts: readonly ContentPart[], quirk: Quirk): unknown {
  if (parts.every((part) => part.type === 'text')) return textOf(parts);
  return parts.map((part) => writePart(part, quirk));
}

function writePart(part: ContentPart, quirk: Quirk): unknown {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (!quirk.parts.includes(part.type)) throw cannotCarry(quirk, `${part.type} parts`);
  const { source } = part;
  if (part.type === 'image') {
    if (source.kind === 'fileId') throw cannotCarry(quirk, 'an image by file id');
    return { type: 'image_url', image_url: compact({ url: urlOf(source), detail: part.detail }) };
  }
  if (part.type === 'audio') {
    if (source.kind !== 'base64') throw cannotCarry(quirk, 'audio that is not in the request itself');
    const format = part.format ?? source.mediaType.replace(/^audio\/(?:x-)?/, '');
    return { type: 'input_audio', input_audio: { data: source.data, format } };
  }
  if (source.kind === 'fileId') return { type: 'file', file: { file_id: source.fileId } };
  if (source.kind === 'url') throw cannotCarry(quirk, 'a file by address');
  return { type: 'file', file: { filename: part.name ?? 'file', file_data: urlOf(source) } };
}

function urlOf(source: Exclude<MediaSource, { kind: 'fileId' }>): string {
  return source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

/** Earlier reasoning in the form the provider gave it; providers that refuse it back get none. */
function writeReasoning(parts: readonly ReasoningPart[] | undefined, quirk: Quirk): Record<string, unknown> {
  if (!parts || parts.length === 0 || !quirk.replayReasoning) return {};
  if (quirk.replayReasoning === 'reasoning_content')
    return { reasoning_content: parts.map((part) => part.text).join('') };
  return {
    reasoning_details: parts.map((part) =>
      part.encrypted === undefined
        ? compact({ type: 'reasoning.text', text: part.text, signature: part.signature })
        : encryptedDetail(part.encrypted),
    ),
  };
}

/** `encrypted` holds the whole detail as the provider wrote it. */
function encryptedDetail(encrypted: string): unknown {
  try {
    return JSON.parse(encrypted);
  } catch {
    return { type: 'reasoning.encrypted', data: encrypted };
  }
}

function cannotCarry(quirk: Quirk, what: string): MyriadError {
  return new MyriadError('unsupported', `${quirk.title} cannot carry ${what}.`, { facts: { provider: quirk.id } });
}
