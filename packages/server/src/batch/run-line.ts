/**
 * One line of a batch as one governed run. The answer is kept when it is whole and before the run is settled, so that a
 * line whose run is in the ledger has its answer too, whenever the process dies; and kept again with the run's own facts.
 */
import {
  type Citation,
  type ModelEvent,
  MyriadError,
  newId,
  noUsage,
  type RunRecord,
  type Subject,
  type Usage,
} from '@myriad/contracts';
import { actorOf } from '../admin/context.ts';
import type { House } from '../house.ts';
import { bad, isObject, type Json } from '../http/checks.ts';
import { embed, parseEmbeddings } from '../openai/embeddings.ts';
import { type ChatHead, encodeRun, gatherCompletion } from '../openai/encode-chat.ts';
import { parseChat } from '../openai/parse-chat.ts';
import { createResponseEncoder, encodeResponseUsage } from '../responses/encode-response.ts';
import { chatOf, parseResponses } from '../responses/parse-responses.ts';
import { earlierItems, keepResponse } from '../responses/stored-responses.ts';
import { openEvents, problemAsError, type SurfaceRequest } from '../surface-events.ts';
import { directRun } from '../v1/direct-run.ts';
import { allow } from '../v1/exchange.ts';

export interface LineRun {
  readonly house: House;
  readonly subject: Subject;
  readonly body: Json;
  readonly priceRatio: number;
  readonly signal: AbortSignal;
  /** Makes the answer durable; a later call replaces what an earlier one kept. */
  readonly keep: (body: Json) => Promise<void>;
}

/** What a line may ask for. Each throws a MyriadError of the request or of its run. */
export const lineEndpoints: Readonly<Record<string, (line: LineRun) => Promise<void>>> = {
  '/v1/chat/completions': chatLine,
  '/v1/embeddings': embeddingsLine,
  '/v1/responses': responsesLine,
};

interface Gatherer {
  add(event: ModelEvent): void;
  restart(): void;
  body(usage: Usage, myriad: Json): Json;
}

async function chatLine(line: LineRun): Promise<void> {
  const { house } = line;
  const parsed = parseChat(line.body);
  if (parsed.stream) throw bad('stream', 'Lines of a batch are not streamed.');
  const head: ChatHead = {
    id: `chatcmpl-${newId('evt', house.clock, house.random).slice(4)}`,
    created: Math.floor(house.clock.now() / 1000),
    model: parsed.model,
  };
  const gathered = gatherCompletion();
  await answerLine(line, parsed, {
    add: (event) => gathered.add(event),
    restart: () => gathered.restart(),
    body: (usage, myriad) => gathered.encode(head, usage, { myriad }),
  });
}

async function responsesLine(line: LineRun): Promise<void> {
  const { house, subject } = line;
  const parsed = parseResponses(line.body);
  if (parsed.stream) throw bad('stream', 'Lines of a batch are not streamed.');
  const owner = actorOf(subject);
  const request = chatOf(parsed, await earlierItems(house, owner, parsed.previousId));
  const id = `resp_${newId('evt', house.clock, house.random).slice(4)}`;
  const { model, unit, inputs } = parsed;
  const createdAt = Math.floor(house.clock.now() / 1000);
  const encoder = createResponseEncoder({ id, createdAt, model, echo: parsed.echo });
  let ended: Json | null = null;
  const response = await answerLine(
    line,
    { model, unit, inputs, request, stream: false },
    {
      add: (event) => void encoder.add(event),
      restart: () => void encoder.restart(),
      body(usage, myriad) {
        ended ??= encoder.end(usage, { completed_at: Math.floor(house.clock.now() / 1000) }).response;
        return { ...ended, usage: encodeResponseUsage(usage), myriad };
      },
    },
  );
  if (parsed.store)
    await keepResponse(house, id, { owner, previousId: parsed.previousId, input: parsed.items, response });
}

async function answerLine(line: LineRun, wanted: SurfaceRequest, gatherer: Gatherer): Promise<Json> {
  const { house, subject, signal, priceRatio, keep } = line;
  const citations: Citation[] = [];
  let usage = noUsage;
  let finish: Extract<ModelEvent, { type: 'finish' }>['reason'] | null = null;
  let run: RunRecord | null = null;
  let isWhole = false;
  const take = (event: ModelEvent) => {
    if (event.type === 'citation') citations.push(event.citation);
    if (event.type === 'usage') usage = event.usage;
    if (event.type === 'finish' && event.choice === 0) finish = event.reason;
    gatherer.add(event);
  };
  const beforeSettle = async (runId: string, last: readonly ModelEvent[]) => {
    for (const event of last) take(event);
    isWhole = true;
    await keep(gatherer.body(usage, { run_id: runId }));
  };
  const terms = { priority: 'batch', priceRatio, beforeSettle } as const;
  for await (const event of await openEvents(house, { signal }, subject, 'openai', wanted, terms)) {
    if (event.type === 'error') throw problemAsError(event);
    if (event.type === 'done') run = event.run;
    else if (isWhole) continue;
    else if (event.type === 'restart') gatherer.restart();
    else take(event);
  }
  if (!run) throw new MyriadError('internal', 'The run ended without a record.');
  const body = gatherer.body(run.usage, encodeRun(run, citations, finish));
  await keep(body);
  return body;
}

async function embeddingsLine({ house, subject, body, priceRatio, signal, keep }: LineRun): Promise<void> {
  allow(house, subject, 'model.use', { type: 'house' });
  const parsed = parseEmbeddings(body);
  const spec = { ...directRun(house, subject), priority: 'batch', priceRatio } as const;
  await embed(house, spec, parsed, signal, (answer) => keep({ ...answer, myriad: { run_id: spec.runId } }));
}

/** The body of an input line. @throws MyriadError `internal` when the file is not what was checked. */
export function bodyOf(text: string): Json {
  const line: unknown = JSON.parse(text);
  if (isObject(line) && isObject(line.body)) return line.body;
  throw new MyriadError('internal', 'The line of the batch has no body any more.');
}
