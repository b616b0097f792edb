/** The semantic cache's part of a call: embeds the question under the run's account, and looks for one alike. */
import { isMyriadError } from '@myriad/contracts';
import type { CachedAnswer } from '../cache/exact-cache.ts';
import { type Alike, alikeQuestion } from '../cache/semantic-cache.ts';
import type { Cancel } from './cancel.ts';
import { embedCall } from './embed-call.ts';
import type { Parts, RunAccount } from './parts.ts';
import type { CallSpec } from './route-call.ts';

export interface LookedAlike {
  readonly alike: Alike | null;
  /** Keeps the answer that is given instead. */
  keep(answer: CachedAnswer): void;
}

/** @returns Null when the call is none for this cache, nothing attached embeds, or the embedding failed: then the model is asked. */
export async function lookAlike(
  parts: Parts,
  run: RunAccount,
  { request, need }: CallSpec,
  cancel: Cancel,
): Promise<LookedAlike | null> {
  const { spec } = run;
  if (!parts.endpoints.list().some(({ enabled, capabilities }) => enabled && capabilities.includes('embed')))
    return null;
  const asked = alikeQuestion(spec, request, need);
  if (!asked) return null;
  const before = run.servedBy;
  try {
    const embedding = { capabilities: ['embed'], optimize: 'cost' } as const;
    const { vectors } = await embedCall(parts, run, { inputs: [asked.question] }, embedding, cancel);
    const vector = vectors[0];
    if (!vector) return null;
    // Vectors of different embedders say nothing about each other.
    const scope = `${run.servedBy?.endpointId ?? ''}:${asked.scope}`;
    return {
      alike: parts.semantic.nearest(scope, vector, parts.rules.cacheLikeness),
      keep: (answer) => parts.semantic.set(scope, vector, answer, spec.cache.ttlMs),
    };
  } catch (error) {
    if (cancel.reason) throw error;
    parts.log('warn', 'A question could not be embedded; the model is asked.', {
      runId: spec.runId,
      code: isMyriadError(error) ? error.code : 'internal',
    });
    return null;
  } finally {
    run.servedBy = before;
  }
}
