/**
 * The node's own policy on the words of images and speech: a prompt, a text to speak, what was said in a recording.
 * Pictures and sound themselves are not looked into.
 */
import { type MediaAnswer, MyriadError, type TraceStep } from '@myriad/contracts';
import { createGuard, type Guard, type Tally } from '@myriad/kernel';
import type { House } from '../house.ts';
import { isObject, type Json } from '../http/checks.ts';

/** By the name of their field. */
export type Words = Readonly<Record<string, string>>;

export interface MediaGuard {
  /** What was done, for the trace. */
  readonly steps: readonly TraceStep[];
  /** @throws MyriadError `policy_blocked`. */
  input(words: Words): Words;
  /** A transcript is cleaned as a whole: its words come when the last is there. */
  transcript(answer: MediaAnswer): MediaAnswer;
}

const longestTranscript = 64 << 20;

/** @returns null where the policy allows everything. */
export function guardMedia({ config, clock }: Pick<House, 'config' | 'clock'>): MediaGuard | null {
  const guard = createGuard(config.policy);
  if (!guard) return null;
  const steps: TraceStep[] = [];

  function step<T>(name: string, work: (detail: Tally) => T): T {
    const detail: Tally = {};
    const began = clock.monotonicMs();
    const startedAt = clock.now();
    let ok = false;
    try {
      const result = work(detail);
      ok = true;
      return result;
    } finally {
      steps.push({ kind: 'policy', name, startedAt, tookMs: clock.monotonicMs() - began, ok, detail });
    }
  }

  return {
    steps,
    input: (words) =>
      step('input policy', (detail) =>
        Object.fromEntries(Object.entries(words).map(([name, text]) => [name, guard.clean(text, 'message', detail)])),
      ),
    transcript: ({ contentType, body }) => ({
      contentType,
      body: (async function* () {
        const text = await gather(body);
        yield Buffer.from(step('output policy', (detail) => cleanTranscript(guard, contentType, text, detail)));
      })(),
    }),
  };
}

async function gather(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of body) {
    sizeBytes += part.length;
    if (sizeBytes > longestTranscript)
      throw new MyriadError('upstream_protocol', `The transcript is longer than ${longestTranscript} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function cleanTranscript(guard: Guard, contentType: string, text: string, detail: Tally): string {
  if (contentType.includes('event-stream')) return cleanEvents(guard, text, detail);
  return contentType.includes('json') ? guard.cleanJson(text, 'answer', detail) : guard.clean(text, 'answer', detail);
}

/**
 * Pieces could each be clean and still spell a value together, so all are replaced by one, the whole. Shape: OpenAI API
 * reference, "Transcription streaming events".
 */
function cleanEvents(guard: Guard, text: string, detail: Tally): string {
  let said = '';
  const kept: Json[] = [];
  for (const line of text.split(/\r?\n/)) {
    const json = line.startsWith('data:') ? parsed(line.slice(5)) : null;
    if (!json) continue;
    if (json.type === 'transcript.text.delta') said += typeof json.delta === 'string' ? json.delta : '';
    else if (json.type === 'transcript.text.done') {
      const whole = guard.clean(typeof json.text === 'string' ? json.text : said, 'answer', detail);
      const { logprobs: _, ...rest } = json;
      kept.push({ type: 'transcript.text.delta', delta: whole }, { ...rest, text: whole });
    } else kept.push(guard.cleanValue(json, 'answer', detail) as Json);
  }
  return kept.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
