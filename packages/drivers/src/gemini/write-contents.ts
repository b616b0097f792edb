import {
  type ChatMessage,
  type ContentPart,
  type MediaSource,
  MyriadError,
  type ReasoningPart,
  type ToolCall,
} from '@myriad/contracts';
import { asRecord, compact } from '../dialect/json-value.ts';
import { isTurn, type TurnMessage } from '../dialect/turn-message.ts';

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: unknown[];
}

/** Messages as contents; neighbours of one role become one content, so that parallel results stand together. */
export function writeContents(messages: readonly ChatMessage[]): readonly Content[] {
  const names = new Map<string, string>();
  const contents: Content[] = [];
  for (const message of messages) {
    if (!isTurn(message)) continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = writeMessage(message, names);
    if (parts.length === 0) continue;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return contents;
}

function writeMessage(message: TurnMessage, names: Map<string, string>): unknown[] {
  if (message.role === 'user') return message.content.map(writePart);
  if (message.role === 'tool') return [writeResult(message, names)];
  for (const call of message.toolCalls ?? []) names.set(call.id, call.name);
  return writeAnswer(
    message.content.filter((part) => part.text !== ''),
    message.reasoning ?? [],
    message.toolCalls ?? [],
  );
}

/**
 * Signatures are sent back verbatim on the part they came with: on the function calls in their order, else on the last
 * text (https://ai.google.dev/gemini-api/docs/thought-signatures). Thought text itself is not sent back.
 */
function writeAnswer(
  text: readonly { readonly text: string }[],
  reasoning: readonly ReasoningPart[],
  calls: readonly ToolCall[],
): unknown[] {
  const signatures = reasoning.flatMap((part) => (part.signature === undefined ? [] : [part.signature]));
  const parts: Record<string, unknown>[] = text.map((part) => ({ text: part.text }));
  calls.forEach((call, position) => {
    const thoughtSignature = signatures[position];
    const functionCall = compact({
      id: call.id.startsWith('call_') ? undefined : call.id,
      name: call.name,
      args: argsOf(call.argumentsJson),
    });
    parts.push(compact({ functionCall, thoughtSignature }));
  });
  const last = parts.at(-1);
  if (calls.length === 0 && last && signatures.length > 0) last.thoughtSignature = signatures.at(-1);
  return parts;
}

function writeResult(message: Extract<ChatMessage, { role: 'tool' }>, names: ReadonlyMap<string, string>): unknown {
  const text = message.content
    .map((part) => {
      if (part.type === 'text') return part.text;
      throw new MyriadError('unsupported', `Gemini cannot carry ${part.type} in the result of a tool.`, {
        facts: { provider: 'gemini' },
      });
    })
    .join('');
  return {
    functionResponse: compact({
      id: message.toolCallId.startsWith('call_') ? undefined : message.toolCallId,
      name: names.get(message.toolCallId) ?? message.toolCallId,
      response: message.isError ? { error: text } : (objectIn(text) ?? { result: text }),
    }),
  };
}

function argsOf(argumentsJson: string): unknown {
  if (argumentsJson.trim() === '') return {};
  return objectIn(argumentsJson) ?? { INVALID_JSON: argumentsJson };
}

function objectIn(text: string): unknown {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return null;
  }
}

function writePart(part: ContentPart): unknown {
  return part.type === 'text' ? { text: part.text } : writeMedia(part.source);
}

function writeMedia(source: MediaSource): unknown {
  if (source.kind === 'base64') return { inlineData: { mimeType: source.mediaType, data: source.data } };
  const fileUri = source.kind === 'url' ? source.url : source.fileId;
  return { fileData: compact({ fileUri, mimeType: mediaTypeOf(fileUri) }) };
}

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
};

function mediaTypeOf(uri: string): string | undefined {
  return mediaTypes[/\.([a-z0-9]+)(?:[?#]|$)/i.exec(uri)?.[1]?.toLowerCase() ?? ''];
}
