/** Answers given again word for word when the same request comes again; bounded in bytes, least recently used out first. */
import { createHash } from 'node:crypto';
import type { ChatRequest, Clock, ModelEvent, ModelNeed, RunSpec } from '@myriad/contracts';

export interface CachedAnswer {
  readonly events: readonly ModelEvent[];
  readonly endpointId: string;
  readonly model: string;
  readonly generates: boolean;
  readonly costMicros: number | null;
  readonly currency: string | null;
}

interface Entry {
  readonly answer: CachedAnswer;
  readonly expiresAt: number;
  readonly sizeBytes: number;
}

export interface ExactCache {
  keyOf(spec: RunSpec, request: ChatRequest, need: ModelNeed): string;
  get(key: string): CachedAnswer | null;
  set(key: string, answer: CachedAnswer, ttlMs: number): void;
  readonly sizeBytes: number;
  readonly entries: number;
}

const eventOverheadBytes = 96;
const entryOverheadBytes = 256;

function sizeOf(event: ModelEvent): number {
  switch (event.type) {
    case 'text':
    case 'refusal':
      return eventOverheadBytes + event.text.length * 2;
    case 'reasoning':
      return (
        eventOverheadBytes + (event.text.length + (event.signature?.length ?? 0) + (event.encrypted?.length ?? 0)) * 2
      );
    case 'toolCall':
      return eventOverheadBytes + event.argumentsDelta.length * 2;
    case 'logprobs':
      return eventOverheadBytes + 1_024;
    case 'citation':
      return eventOverheadBytes + 256 + event.citation.quote.length * 2;
    default:
      return eventOverheadBytes;
  }
}

/** Memory that an answer's events take, about. */
export function answerBytes(answer: Pick<CachedAnswer, 'events'>): number {
  let size = 0;
  for (const event of answer.events) size += sizeOf(event);
  return size;
}

/**
 * Whether an answer is whole: every choice that began ended with `stop` or `toolCalls`. Cut, filtered, failed and
 * "not found" answers are not given again.
 */
export function isWhole(events: readonly ModelEvent[], choices: number): boolean {
  let finished = 0;
  for (const event of events) {
    if (event.type !== 'finish') continue;
    if (event.reason !== 'stop' && event.reason !== 'toolCalls') return false;
    finished += 1;
  }
  return finished >= choices;
}

export function createExactCache(clock: Pick<Clock, 'now'>, maxBytes: number): ExactCache {
  const entries = new Map<string, Entry>();
  let sizeBytes = 0;
  const drop = (key: string, entry: Entry) => {
    entries.delete(key);
    sizeBytes -= entry.sizeBytes;
  };
  return {
    keyOf(spec, { endUser: _, ...request }, need) {
      const scope = [spec.tenant, spec.appId, spec.version, spec.assignment.variant, spec.delivered];
      const hash = createHash('sha256');
      hash.update(JSON.stringify([scope, need.model ?? null, need.capabilities, need.optimize]));
      hash.update(JSON.stringify(request));
      return hash.digest('base64url');
    },
    get(key) {
      const entry = entries.get(key);
      if (!entry) return null;
      if (clock.now() >= entry.expiresAt) {
        drop(key, entry);
        return null;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry.answer;
    },
    set(key, answer, ttlMs) {
      const size = entryOverheadBytes + answerBytes(answer);
      // One answer may not push out more than an eighth of the others.
      if (ttlMs <= 0 || size > maxBytes / 8) return;
      const known = entries.get(key);
      if (known) drop(key, known);
      entries.set(key, { answer, expiresAt: clock.now() + ttlMs, sizeBytes: size });
      sizeBytes += size;
      for (const [oldest, entry] of entries) {
        if (sizeBytes <= maxBytes) return;
        drop(oldest, entry);
      }
    },
    get sizeBytes() {
      return sizeBytes;
    },
    get entries() {
      return entries.size;
    },
  };
}
