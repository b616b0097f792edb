import type {
  AppEvent,
  AppRecord,
  AppRunRequest,
  Caller,
  Citation,
  Clock,
  CompiledEval,
  CompiledManifest,
  EvalReport,
  EvalResult,
} from '@myriad/contracts';
import { judgeEval } from './judge-eval.ts';

const parallel = 4;
const evalMs = 120_000;

/** Runs an app's evals through the real path of a run, a few at a time, under the publisher's account. */
export async function runEvals(
  wiring: { readonly clock: Clock; readonly run: (request: AppRunRequest) => AsyncIterable<AppEvent> },
  { app, manifest, caller }: { readonly app: AppRecord; readonly manifest: CompiledManifest; readonly caller: Caller },
): Promise<EvalReport | null> {
  if (manifest.evals.length === 0) return null;
  const results: EvalResult[] = [];
  let model: string | null = null;
  let next = 0;

  async function one(wanted: CompiledEval): Promise<EvalResult> {
    const began = wiring.clock.monotonicMs();
    let text = '';
    let failure: string | null = null;
    let finish = 'error';
    const citations: Citation[] = [];
    const events = wiring.run({
      app,
      manifest,
      caller,
      surface: 'eval',
      messages: [{ role: 'user', content: [{ type: 'text', text: wanted.input }] }],
      inputs: wanted.inputs,
      priority: 'batch',
      stream: false,
      signal: AbortSignal.timeout(evalMs),
    });
    for await (const event of events) {
      if (event.type === 'text') text += event.text;
      else if (event.type === 'restart') text = '';
      else if (event.type === 'citation') citations.push(event.citation);
      else if (event.type === 'model') model = event.model;
      else if (event.type === 'done') finish = event.finish;
      else if (event.type === 'error') failure = `The run failed: ${event.problem.detail}`;
    }
    const reason = failure ?? judgeEval(wanted.expect, { text, citations, finish });
    return {
      name: wanted.name,
      passed: reason === null,
      reason: reason ?? 'As expected.',
      tookMs: wiring.clock.monotonicMs() - began,
    };
  }

  async function worker(): Promise<void> {
    for (let at = next++; at < manifest.evals.length; at = next++) {
      results[at] = await one(manifest.evals[at] as CompiledEval);
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, manifest.evals.length) }, worker));
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, results, model };
}
