/** `POST /v1/embeddings`, under the same account as every other call. */
import { type EmbedRequest, MyriadError, type RunSpec, type TraceStep } from '@myriad/contracts';
import { createGuard, type Tally } from '@myriad/kernel';
import type { House } from '../house.ts';
import { bad, integer, type Json, list, object } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { directRun } from '../v1/direct-run.ts';
import { allow, authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';

export interface ParsedEmbeddings {
  readonly model: string;
  readonly base64: boolean;
  readonly request: EmbedRequest;
}

/** @throws MyriadError `invalid_request` with facts.param. */
export function parseEmbeddings(value: unknown): ParsedEmbeddings {
  const body = object(value, 'body');
  if (typeof body.model !== 'string' || body.model === '')
    throw bad('model', 'Expected the name of a model that embeds.');
  const inputs = readInputs(body.input);
  const base64 = body.encoding_format === 'base64';
  if (body.encoding_format !== undefined && body.encoding_format !== 'float' && !base64)
    throw bad('encoding_format', 'Expected float or base64.');
  const dimensions = integer(body.dimensions, 'dimensions', 1, 65_536);
  return { model: body.model, base64, request: { inputs, ...(dimensions === undefined ? {} : { dimensions }) } };
}

/**
 * @param keep Called with the whole answer before the run is settled.
 * @throws MyriadError of the run, which is settled then.
 */
export async function embed(
  house: House,
  spec: RunSpec,
  { model, base64, request }: ParsedEmbeddings,
  signal: AbortSignal,
  keep: (body: Json) => Promise<void> = async () => {},
): Promise<{ readonly body: Json; readonly runId: string }> {
  const run = await house.kernel.begin(spec);
  const steps: TraceStep[] = [];
  try {
    const cleaned = { ...request, inputs: guarded(house, request.inputs, steps) };
    const result = await run.embed(cleaned, { capabilities: ['embed'], optimize: 'balanced', model }, signal);
    const body = {
      object: 'list',
      data: result.vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: base64 ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector,
      })),
      model,
      usage: { prompt_tokens: result.usage.inputTokens, total_tokens: result.usage.inputTokens },
    };
    await keep(body);
    const record = await run.settle({ status: 'ok', errorCode: null, steps });
    return { body, runId: record.id };
  } catch (error) {
    const code = error instanceof MyriadError ? error.code : 'internal';
    const refused = error instanceof MyriadError && error.class.kind === 'policy';
    const status = code === 'aborted' ? 'aborted' : refused ? 'refused' : 'error';
    await run.settle({ status, errorCode: code, steps });
    throw error;
  }
}

export async function embeddings(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  const parsed = parseEmbeddings(await readJsonBody(house, exchange));
  const { body, runId } = await embed(house, directRun(house, subject), parsed, exchange.signal);
  sendJson(exchange.response, 200, body, { 'x-request-id': exchange.requestId, 'x-myriad-run': runId });
}

/** The texts as the node's own policy lets them in. */
function guarded(house: House, inputs: readonly string[], steps: TraceStep[]): readonly string[] {
  const guard = createGuard(house.config.policy);
  if (!guard) return inputs;
  const detail: Tally = {};
  const began = house.clock.monotonicMs();
  const step = { kind: 'policy' as const, name: 'input policy', startedAt: house.clock.now(), detail };
  let ok = false;
  try {
    const cleaned = inputs.map((input) => guard.clean(input, 'message', detail));
    ok = true;
    return cleaned;
  } finally {
    steps.push({ ...step, tookMs: house.clock.monotonicMs() - began, ok });
  }
}

function readInputs(value: unknown): string[] {
  const inputs = typeof value === 'string' ? [value] : list(value, 'input');
  if (inputs.length === 0 || inputs.length > 2_048) throw bad('input', 'Expected 1 to 2048 texts.');
  if (!inputs.every((input): input is string => typeof input === 'string' && input !== ''))
    throw bad('input', 'Expected texts that are not empty; token lists are not supported.');
  return inputs;
}
