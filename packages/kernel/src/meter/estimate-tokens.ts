/**
 * Token estimates from text alone, for holds, queue charges and servers that report no usage. Two figures come out of
 * one pass: an expectation, and a bound that no byte-level tokenizer passes (one token per UTF-8 byte), so that money
 * held by the bound is never too little.
 */
import type { ChatMessage, ChatRequest, ContentPart, EmbedRequest, ToolDefinition } from '@myriad/contracts';

/** Running counts of characters; add text piece by piece without keeping it. */
export interface TextCount {
  latin: number;
  cjk: number;
  other: number;
  bytes: number;
}

export interface InputEstimate {
  /** What we expect. */
  readonly tokens: number;
  /** What cannot be passed when the request is text; generous for media. */
  readonly boundTokens: number;
  /** Images, audio or files stand in the request, so the bound is a convention and not a proof. */
  readonly hasMedia: boolean;
}

const messageOverheadTokens = 4;
const messageBoundTokens = 16;
const templateBoundTokens = 64;
const toolTemplateBoundTokens = 1_024;
const imageTokens = 1_100;
const imageBoundTokens = 8_192;
const remoteFileBoundTokens = 262_144;

export function emptyCount(): TextCount {
  return { latin: 0, cjk: 0, other: 0, bytes: 0 };
}

/** Adds the characters of one piece of text; allocates nothing. */
export function countText(count: TextCount, text: string): void {
  if (text.length >= longText) countLong(count, text);
  else countEach(count, text);
}

/** From here on the platform's byte count is faster than looking at each character. */
const longText = 256;
/** A long text that is not ASCII is looked at every so many characters; its bytes are counted exactly. */
const sampleStep = 11;

function countLong(count: TextCount, text: string): void {
  const { length } = text;
  const bytes = Buffer.byteLength(text);
  count.bytes += bytes;
  if (bytes === length) {
    count.latin += length;
    return;
  }
  let latin = 0;
  let cjk = 0;
  let looked = 0;
  for (let at = 0; at < length; at += sampleStep) {
    const code = text.charCodeAt(at);
    looked += 1;
    if (code < 0x80) latin += 1;
    else if (isCjk(code)) cjk += 1;
  }
  const scale = length / looked;
  count.latin += latin * scale;
  count.cjk += cjk * scale;
  count.other += (looked - latin - cjk) * scale;
}

function isCjk(code: number): boolean {
  return (code >= 0x2e80 && code <= 0xd7ff) || (code >= 0xf900 && code <= 0xffef);
}

function countEach(count: TextCount, text: string): void {
  const { length } = text;
  let latin = 0;
  let cjk = 0;
  let bytes = length;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) latin += 1;
    else if (code < 0x800) bytes += 1;
    else {
      // A surrogate pair takes 4 bytes, counted as 6: one that stands alone is written as a character of 3.
      bytes += 2;
      if (isCjk(code)) cjk += 1;
    }
  }
  count.latin += latin;
  count.cjk += cjk;
  count.other += length - latin - cjk;
  count.bytes += bytes;
}

/**
 * Expected tokens: four ASCII characters, two of another alphabet, or 1.25 CJK characters to a token, the middle of what
 * current vocabularies of 100,000 to 200,000 entries give.
 */
export function tokensOf(count: TextCount): number {
  return Math.ceil(count.latin / 4 + count.other / 2 + count.cjk * 0.8);
}

/** Expected tokens of a text. */
export function estimateTokens(text: string): number {
  const count = emptyCount();
  countText(count, text);
  return tokensOf(count);
}

const toolCounts = new WeakMap<readonly ToolDefinition[], TextCount>();

function countTools(tools: readonly ToolDefinition[]): TextCount {
  let count = toolCounts.get(tools);
  if (!count) {
    count = emptyCount();
    countText(count, JSON.stringify(tools));
    toolCounts.set(tools, count);
  }
  return count;
}

interface Media {
  tokens: number;
  boundTokens: number;
}

function countPart(part: ContentPart, count: TextCount, media: Media): void {
  if (part.type === 'text') {
    countText(count, part.text);
    return;
  }
  if (part.type === 'image') {
    media.tokens += imageTokens;
    media.boundTokens += imageBoundTokens;
    return;
  }
  const bytes = part.source.kind === 'base64' ? part.source.data.length : 0;
  media.tokens += bytes > 0 ? Math.ceil(bytes / 16) : 2_048;
  media.boundTokens += bytes > 0 ? Math.max(4_096, bytes) : remoteFileBoundTokens;
}

function countMessage(message: ChatMessage, count: TextCount, media: Media): void {
  for (const part of message.content) countPart(part, count, media);
  if (message.role !== 'assistant') return;
  for (const call of message.toolCalls ?? []) {
    countText(count, call.name);
    countText(count, call.argumentsJson);
  }
  for (const part of message.reasoning ?? []) {
    countText(count, part.text);
    if (part.encrypted) countText(count, part.encrypted);
  }
}

/** Input tokens of a chat. Passages count into the bound only: models that write are given them in the messages. */
export function estimateInput(request: ChatRequest): InputEstimate {
  const count = emptyCount();
  const media: Media = { tokens: 0, boundTokens: 0 };
  for (const message of request.messages) countMessage(message, count, media);
  let tokens = tokensOf(count) + media.tokens + request.messages.length * messageOverheadTokens;
  let boundTokens =
    count.bytes + media.boundTokens + request.messages.length * messageBoundTokens + templateBoundTokens;
  if (request.tools?.length) {
    const tools = countTools(request.tools);
    tokens += tokensOf(tools);
    boundTokens += tools.bytes + toolTemplateBoundTokens;
  }
  if (request.responseFormat?.type === 'jsonSchema') {
    const schema = JSON.stringify(request.responseFormat.schema);
    tokens += Math.ceil(schema.length / 4);
    boundTokens += schema.length * 3;
  }
  for (const passage of request.passages ?? []) boundTokens += passage.text.length * 3;
  return { tokens, boundTokens, hasMedia: media.tokens > 0 };
}

/** Input tokens of an embedding request. */
export function estimateEmbedInput(request: EmbedRequest): InputEstimate {
  const count = emptyCount();
  for (const input of request.inputs) countText(count, input);
  const overhead = request.inputs.length * messageOverheadTokens;
  return { tokens: tokensOf(count) + overhead, boundTokens: count.bytes + overhead, hasMedia: false };
}
