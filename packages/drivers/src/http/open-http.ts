/** Keep-alive connections to model servers, on undici's dispatcher (no fetch, Request or Response objects). */
import { type Clock, MyriadError, systemClock } from '@myriad/contracts';
import { Agent, Client, type Dispatcher, Pool } from 'undici';
import { decompressBody } from './decompress-body.ts';
import { type ConnectionUse, Exchange } from './exchange.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { transportFailure } from './transport-failure.ts';

export interface HttpOptions {
  readonly clock?: Clock;
  /** How long an idle connection is kept, in milliseconds; 15,000 unless said. */
  readonly keepAliveMs?: number;
}

/**
 * Opens the pool. Concurrency is not limited here (the kernel's slots do that) and nothing is retried, with one exception:
 * a request that met a kept-alive connection which the server had closed meanwhile, and got no byte, is sent once more on
 * a fresh connection (RFC 9112 §9.3.1).
 */
export function openHttp(options: HttpOptions = {}): Http {
  const clock = options.clock ?? systemClock;
  const connectionOptions: Client.Options = {
    keepAliveTimeout: options.keepAliveMs ?? 15_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: { timeout: 120_000 },
  };
  const agent = new Agent({
    ...connectionOptions,
    factory: (origin, poolOptions) =>
      new Pool(origin, {
        ...(poolOptions as Pool.Options),
        factory: (to, own) => countingClient(to, own as Client.Options),
      }),
  });

  async function call(wanted: HttpCall): Promise<HttpAnswer> {
    const { origin, path } = addressOf(wanted.url);
    const request = (): Dispatcher.DispatchOptions => ({
      origin,
      path,
      method: wanted.method,
      headers: { 'user-agent': 'myriad', ...wanted.options.traceHeaders, ...wanted.headers },
      body: typeof wanted.body === 'function' ? wanted.body() : (wanted.body ?? null),
    });
    const exchange: Exchange = new Exchange(wanted, clock, () => {
      const fresh = new Client(origin, connectionOptions);
      send(fresh, request(), exchange);
      void fresh.close();
    });
    if (!exchange.failed) send(agent, request(), exchange);
    const head = await exchange.head;
    const headers = flatten(head.headers);
    return {
      status: head.status,
      headers,
      body: decompressBody(exchange, headers['content-encoding']),
      sawToken: () => exchange.sawToken(),
    };
  }

  return { call, close: () => agent.destroy() };
}

interface Address {
  readonly origin: string;
  readonly path: string;
}

const addresses = new Map<string, Address>();

/** The few addresses of the attached models come again with each call. @throws MyriadError `invalid_request`. */
function addressOf(text: string): Address {
  const known = addresses.get(text);
  if (known) return known;
  if (!URL.canParse(text))
    throw new MyriadError('invalid_request', 'The base URL of the model server is not an address.');
  const url = new URL(text);
  const address = { origin: url.origin, path: url.pathname + url.search };
  if (addresses.size >= 1_000) addresses.clear();
  addresses.set(text, address);
  return address;
}

/** A connection that counts the requests it has carried since it was opened. */
function countingClient(origin: URL, options: Client.Options): Client {
  const client = new Client(origin, options);
  const use: ConnectionUse = { served: 0 };
  client.on('disconnect', () => {
    use.served = 0;
  });
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (request, handler) => {
    if (handler instanceof Exchange) handler.use = use;
    return dispatch(request, handler);
  };
  return client;
}

function send(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions, exchange: Exchange): void {
  try {
    dispatcher.dispatch(request, exchange);
  } catch (error) {
    exchange.fail(
      error instanceof Error ? transportFailure(error, false) : new MyriadError('internal', 'The call broke.'),
    );
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
