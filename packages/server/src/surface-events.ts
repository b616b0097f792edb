/** What every model-speaking surface shares: a model's name and a request → the events of a governed run. */
import {
  type ChatRequest,
  type DirectEvent,
  type ModelEvent,
  MyriadError,
  type Priority,
  type Subject,
  type Surface,
} from '@myriad/contracts';
import { callerOf } from './admin/context.ts';
import { appAsModel, appEnding } from './app-as-model.ts';
import { appObject, findApp } from './find-app.ts';
import { type House, tenant } from './house.ts';
import { allow, type Exchange } from './v1/exchange.ts';

export interface SurfaceRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly request: ChatRequest;
  readonly unit: string | null;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

/** How a run is served that nobody waits for at the other end of a connection. */
export interface SurfaceTerms {
  readonly priority: Priority;
  readonly priceRatio: number;
  /** Called with what ends the answer, when it is whole and before the run is settled; the settlement waits for it. */
  readonly beforeSettle: (runId: string, last: readonly ModelEvent[]) => Promise<void>;
}

/** Event by event. @throws as `openEventBatches`. */
export async function openEvents(
  house: House,
  exchange: Pick<Exchange, 'signal'>,
  subject: Subject,
  surface: Surface,
  wanted: SurfaceRequest,
  terms?: SurfaceTerms,
): Promise<AsyncIterable<DirectEvent>> {
  return oneByOne(await openEventBatches(house, exchange, subject, surface, wanted, terms));
}

async function* oneByOne(batches: AsyncIterable<readonly DirectEvent[]>): AsyncGenerator<DirectEvent> {
  for await (const batch of batches) for (const event of batch) yield event;
}

async function* inOnes(events: AsyncIterable<DirectEvent>): AsyncGenerator<readonly DirectEvent[]> {
  for await (const event of events) yield [event];
}

/**
 * Events that are at hand together come together, so that a surface writes them as one piece.
 *
 * @throws MyriadError `forbidden`, `model_not_found`: an app that the caller may not use does not exist for them.
 */
export async function openEventBatches(
  house: House,
  exchange: Pick<Exchange, 'signal'>,
  subject: Subject,
  surface: Surface,
  wanted: SurfaceRequest,
  terms?: SurfaceTerms,
): Promise<AsyncIterable<readonly DirectEvent[]>> {
  const caller = callerOf(house, subject);
  const { model, stream, request } = wanted;
  if (!model.startsWith('app:')) {
    allow(house, subject, 'model.use', { type: 'house' });
    const { beforeSettle, ...price } = terms ?? {};
    return house.apps.runModelBatches({
      model,
      chat: request,
      caller,
      surface,
      stream,
      signal: exchange.signal,
      tenant,
      ...price,
      ...(beforeSettle ? { beforeSettle: ({ runId }) => beforeSettle(runId, []) } : {}),
    });
  }
  const app = await findApp(house, model.slice(4));
  if (!house.org.authorize(subject, 'app.use', appObject(app)).allowed || !app.expose.includes('api'))
    throw new MyriadError('model_not_found', `There is no model "${model}".`, { facts: { param: 'model' } });
  const { messages, ...settings } = request;
  const ending = appEnding();
  const { beforeSettle, ...price } = terms ?? {};
  const events = house.apps.run({
    app,
    caller,
    surface,
    messages,
    settings,
    unit: wanted.unit ?? request.endUser ?? caller.personId ?? caller.keyId,
    stream,
    signal: exchange.signal,
    ...(wanted.inputs ? { inputs: wanted.inputs } : {}),
    ...price,
    ...(beforeSettle
      ? { beforeSettle: ({ runId, finish }) => beforeSettle(runId, ending.events(finish ?? 'stop')) }
      : {}),
  });
  return inOnes(appAsModel(events, ending));
}

/** The failure that an event tells of, with its facts. */
export function problemAsError(event: Extract<DirectEvent, { type: 'error' }>): MyriadError {
  const { code, detail, facts } = event.problem;
  const retryAfterMs = typeof facts.retryAfterMs === 'number' ? facts.retryAfterMs : undefined;
  return new MyriadError(code, detail, { facts, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
