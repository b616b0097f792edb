/** One call of images or speech, under account: its answer passes through, whole only once the run is booked. */
import { once } from 'node:events';
import { asMyriadError, type MediaRequest, type Subject } from '@myriad/contracts';
import type { House } from '../house.ts';
import { toOpenAiError } from '../http/problem.ts';
import { directRun } from '../v1/direct-run.ts';
import type { Exchange } from '../v1/exchange.ts';
import { guardMedia, type Words } from './guard-media.ts';

/**
 * @param words What people wrote, by field, before the node's policy has seen it.
 * @param requestOf The request with the words as the policy lets them in.
 */
export async function passMedia(
  house: House,
  exchange: Exchange,
  subject: Subject,
  model: string,
  words: Words,
  requestOf: (words: Words) => MediaRequest,
): Promise<void> {
  const { response, requestId, signal } = exchange;
  const run = await house.kernel.begin(directRun(house, subject));
  const guard = guardMedia(house);
  const steps = guard?.steps ?? [];
  let contentType = '';
  let last: Uint8Array | null = null;
  const send = async (chunk: Uint8Array) => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': contentType, 'x-request-id': requestId, 'x-myriad-run': run.runId });
    if (!response.destroyed && !response.write(chunk)) await once(response, 'drain', { signal });
  };
  try {
    const request = requestOf(guard?.input(words) ?? words);
    const need = { capabilities: [request.capability], optimize: 'balanced' as const, model };
    const given = await run.media(request, need, signal);
    const answer = guard && request.capability === 'transcribe' ? guard.transcript(given) : given;
    contentType = answer.contentType;
    for await (const chunk of answer.body) {
      if (last) await send(last);
      last = chunk;
    }
    await run.settle({ status: 'ok', errorCode: null, steps });
  } catch (thrown) {
    const error = asMyriadError(thrown);
    const refused = error.class.kind === 'policy' ? 'refused' : 'error';
    await run.settle({ status: error.code === 'aborted' ? 'aborted' : refused, errorCode: error.code, steps });
    if (!response.headersSent) throw error;
    // The status is out: a stream of events can still tell; of bytes, only the cut tells that they are not whole.
    if (contentType.includes('event-stream'))
      response.end(`event: error\ndata: ${JSON.stringify(toOpenAiError(error).body)}\n\n`);
    else response.destroy();
    return;
  }
  await send(last ?? new Uint8Array());
  response.end();
}
