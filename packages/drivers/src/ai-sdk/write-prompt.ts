/** Our request as call options of an AI SDK language model. */
import {
  type ChatMessage,
  type ChatRequest,
  type ContentPart,
  type MediaSource,
  MyriadError,
  type ToolChoice,
} from '@myriad/contracts';
import { asRecord, compact } from '../dialect/json-value.ts';
import type { AiSdkCallOptions } from './language-model.ts';

/** @throws MyriadError `unsupported` for several choices, log probabilities and media by file id. */
export function writeCallOptions(request: ChatRequest, abortSignal: AbortSignal): AiSdkCallOptions {
  if ((request.choices ?? 1) > 1) throw unsupported('more than one choice');
  if (request.logprobs) throw unsupported('log probabilities');
  const format = request.responseFormat;
  const names = new Map<string, string>();
  return compact({
    prompt: request.messages.map((message) => writeMessage(message, names)),
    maxOutputTokens: request.maxOutputTokens,
    temperature: request.temperature,
    topP: request.topP,
    stopSequences: request.stop,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    seed: request.seed,
    responseFormat:
      !format || format.type === 'text'
        ? undefined
        : format.type === 'jsonObject'
          ? { type: 'json' }
          : compact({ type: 'json', schema: format.schema, name: format.name, description: format.description }),
    tools: request.tools?.map((tool) =>
      compact({
        type: 'function',
        name: tool.name,
        description: tool.description,
        inputSchema: tool.parameters,
        strict: tool.strict,
      }),
    ),
    toolChoice: writeToolChoice(request.toolChoice),
    providerOptions: asRecord(request.extra?.providerOptions) ?? undefined,
    abortSignal,
  }) as AiSdkCallOptions;
}

function writeToolChoice(choice: ToolChoice | undefined): Record<string, unknown> | undefined {
  if (choice === undefined) return undefined;
  return typeof choice === 'object' ? { type: 'tool', toolName: choice.name } : { type: choice };
}

function writeMessage(message: ChatMessage, names: Map<string, string>): Record<string, unknown> {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: message.content.map((part) => part.text).join('') };
    case 'user':
      return { role: 'user', content: message.content.map(writePart) };
    case 'assistant':
      return {
        role: 'assistant',
        content: [
          ...(message.reasoning ?? []).map((part) =>
            compact({ type: 'reasoning', text: part.text, providerOptions: metadataIn(part.encrypted) }),
          ),
          ...message.content.map(writePart),
          ...(message.toolCalls ?? []).map((call) => {
            names.set(call.id, call.name);
            return { type: 'tool-call', toolCallId: call.id, toolName: call.name, input: inputOf(call.argumentsJson) };
          }),
        ],
      };
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.toolCallId,
            toolName: names.get(message.toolCallId) ?? message.toolCallId,
            output: writeOutput(message.content, message.isError === true),
          },
        ],
      };
  }
}

function writeOutput(parts: readonly ContentPart[], isError: boolean): Record<string, unknown> {
  const value = parts.map((part) => {
    if (part.type === 'text') return part.text;
    throw unsupported(`${part.type} in the result of a tool`);
  });
  return { type: isError ? 'error-text' : 'text', value: value.join('') };
}

/** Provider metadata of earlier reasoning (signatures and the like), as the reader kept it. */
function metadataIn(encrypted: string | undefined): unknown {
  if (encrypted === undefined) return undefined;
  try {
    return JSON.parse(encrypted);
  } catch {
    return undefined;
  }
}

function inputOf(argumentsJson: string): unknown {
  if (argumentsJson.trim() === '') return {};
  try {
    return JSON.parse(argumentsJson);
  } catch {
    return { INVALID_JSON: argumentsJson };
  }
}

function writePart(part: ContentPart): Record<string, unknown> {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const mediaType =
    part.source.kind === 'base64'
      ? part.source.mediaType
      : part.type === 'image'
        ? 'image/*'
        : part.type === 'audio'
          ? `audio/${part.format ?? 'mpeg'}`
          : 'application/pdf';
  return compact({
    type: 'file',
    mediaType,
    data: dataOf(part.source),
    filename: part.type === 'file' ? part.name : undefined,
  });
}

function dataOf(source: MediaSource): unknown {
  if (source.kind === 'url') return new URL(source.url);
  if (source.kind === 'base64') return source.data;
  throw unsupported('media by file id');
}

function unsupported(what: string): MyriadError {
  return new MyriadError('unsupported', `The AI SDK adapter cannot carry ${what}.`, { facts: { provider: 'ai-sdk' } });
}
