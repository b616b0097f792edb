/**
 * Answers given again when a question alike comes again: the nearest embedding within one scope, at or above a likeness.
 * Bounded in bytes, least recently used out first.
 */
import { createHash } from 'node:crypto';
import type { ChatRequest, Clock, ModelNeed, RunSpec } from '@myriad/contracts';
import { answerBytes, type CachedAnswer } from './exact-cache.ts';

interface Entry {
  readonly scope: string;
  /** Of length 1, so that the inner product is the cosine. */
  readonly vector: Float32Array;
  readonly answer: CachedAnswer;
  readonly expiresAt: number;
  readonly sizeBytes: number;
}

export interface Alike {
  readonly answer: CachedAnswer;
  /** Cosine of the two questions, at most 1. */
  readonly likeness: number;
}

export interface SemanticCache {
  nearest(scope: string, vector: readonly number[], leastLikeness: number): Alike | null;
  set(scope: string, vector: readonly number[], answer: CachedAnswer, ttlMs: number): void;
  readonly sizeBytes: number;
}

/** Questions compared in one scope; the oldest go first. */
const mostInScope = 512;
const entryOverheadBytes = 320;

export interface AlikeQuestion {
  readonly question: string;
  /** Everything else that the answer depends on, the embedder excepted. */
  readonly scope: string;
}

/**
 * The question of a call that may be answered by likeness, with all that must be the same for it: tenant, app, version,
 * variant, settings, every earlier turn, the sources, and the numbers within the question (orders 7 and 8 are alike in
 * words alone). Null for calls with tools, with media or for several choices.
 */
export function alikeQuestion(spec: RunSpec, request: ChatRequest, need: ModelNeed): AlikeQuestion | null {
  if ((request.tools?.length ?? 0) > 0 || (request.choices ?? 1) !== 1 || request.logprobs) return null;
  const last = request.messages.at(-1);
  if (last?.role !== 'user' || !last.content.every((part) => part.type === 'text')) return null;
  const question = last.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  if (question.trim() === '') return null;
  const { endUser: _, passages, messages, ...settings } = request;
  const hash = createHash('sha256');
  const who = [spec.tenant, spec.appId, spec.version, spec.assignment.variant, spec.delivered];
  hash.update(JSON.stringify([who, need.model ?? null, need.capabilities, need.optimize, settings]));
  hash.update(JSON.stringify([messages.slice(0, -1), passages?.map(({ id }) => id) ?? null]));
  hash.update(JSON.stringify(question.match(/\d+(?:[.,]\d+)*/g) ?? []));
  return { question, scope: hash.digest('base64url') };
}

function unit(vector: readonly number[]): Float32Array | null {
  let sum = 0;
  for (const part of vector) sum += part * part;
  if (!(sum > 0) || !Number.isFinite(sum)) return null;
  return Float32Array.from(vector, (part) => part / Math.sqrt(sum));
}

function cosine(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum;
}

export function createSemanticCache(clock: Pick<Clock, 'now'>, maxBytes: number): SemanticCache {
  /** By age of use. */
  const all = new Set<Entry>();
  const scopes = new Map<string, Set<Entry>>();
  let sizeBytes = 0;

  const drop = (entry: Entry) => {
    const scope = scopes.get(entry.scope);
    scope?.delete(entry);
    if (scope?.size === 0) scopes.delete(entry.scope);
    if (all.delete(entry)) sizeBytes -= entry.sizeBytes;
  };

  return {
    nearest(scope, vector, leastLikeness) {
      const known = scopes.get(scope);
      const wanted = known && unit(vector);
      if (!known || !wanted) return null;
      const now = clock.now();
      let best: Entry | null = null;
      let likeness = leastLikeness;
      for (const entry of known) {
        if (now >= entry.expiresAt) {
          drop(entry);
          continue;
        }
        if (entry.vector.length !== wanted.length) continue;
        const own = cosine(entry.vector, wanted);
        if (own < likeness) continue;
        likeness = own;
        best = entry;
      }
      if (!best) return null;
      all.delete(best);
      all.add(best);
      return { answer: best.answer, likeness: Math.min(1, likeness) };
    },
    set(scope, vector, answer, ttlMs) {
      const own = unit(vector);
      const size = entryOverheadBytes + answerBytes(answer) + vector.length * 4;
      if (!own || ttlMs <= 0 || size > maxBytes / 8) return;
      const entry: Entry = { scope, vector: own, answer, expiresAt: clock.now() + ttlMs, sizeBytes: size };
      let known = scopes.get(scope);
      if (!known) {
        known = new Set();
        scopes.set(scope, known);
      }
      known.add(entry);
      all.add(entry);
      sizeBytes += size;
      if (known.size > mostInScope) drop(known.values().next().value as Entry);
      for (const oldest of all) {
        if (sizeBytes <= maxBytes) break;
        drop(oldest);
      }
    },
    get sizeBytes() {
      return sizeBytes;
    },
  };
}
