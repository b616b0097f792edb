/**
 * Watches an answer of images or speech go by, and tells what it came to. Sources of the shapes: OpenAI API reference,
 * "Create image", "Create speech", "Create transcription".
 */
import { type MediaMeasure, type MediaTap, type MediaUnits, noUsage, type Usage } from '@myriad/contracts';
import { isObject, type Json } from '../http/checks.ts';

/** An answer longer than this is passed on, but not read for its usage. */
const longestRead = 64 << 20;

export interface Reckoning {
  /** What the request says that it comes to, for what the answer does not tell. */
  readonly asked: MediaUnits;
  readonly doubt: string | null;
}

export function measureAnswer(contentType: string, reckoning: Reckoning): MediaTap {
  const isEvents = contentType.includes('event-stream');
  const isJson = contentType.includes('json');
  const kept: Uint8Array[] = [];
  let sizeBytes = 0;
  return {
    take(chunk) {
      if (!isEvents && !isJson) return;
      sizeBytes += chunk.length;
      if (sizeBytes <= longestRead) kept.push(chunk);
      else kept.length = 0;
    },
    end() {
      const text = Buffer.concat(kept).toString('utf8');
      const bodies = isEvents ? eventsOf(text) : [parsed(text)];
      return measured(bodies.filter(isObject), reckoning);
    },
  };
}

function measured(bodies: readonly Json[], { asked, doubt }: Reckoning): MediaMeasure {
  let usage: Usage | null = null;
  let seconds: number | null = null;
  let images: number | null = null;
  for (const body of bodies) {
    if (Array.isArray(body.data)) images = body.data.length;
    if (body.type === 'image_generation.completed' || body.type === 'image_edit.completed') images = (images ?? 0) + 1;
    if (isCount(body.duration)) seconds = body.duration;
    if (!isObject(body.usage)) continue;
    if (isCount(body.usage.seconds)) seconds = body.usage.seconds;
    const { input_tokens: inputTokens, output_tokens: outputTokens } = body.usage;
    if (isCount(inputTokens) && isCount(outputTokens)) usage = { ...noUsage, inputTokens, outputTokens };
  }
  const units: MediaUnits = {
    ...asked,
    ...(asked.images !== undefined && images !== null ? { images } : {}),
    ...(asked.seconds !== undefined && seconds !== null ? { seconds } : {}),
  };
  return { units, usage, doubt: seconds === null ? doubt : null };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function eventsOf(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:') && (line.includes('"usage"') || line.includes('.completed')))
    .map((line) => parsed(line.slice(5)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
