/** A receiver of OTLP/HTTP traces that keeps what it was sent. Shapes: opentelemetry-proto, `trace.proto`, as JSON. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface WireValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}

type WireAttributes = readonly { readonly key: string; readonly value: WireValue }[];

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2 is SERVER, 3 CLIENT, 1 INTERNAL. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  /** 2 is an error. */
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly events: readonly string[];
  readonly schemaUrl: string;
  readonly resource: Readonly<Record<string, string | number | boolean | undefined>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Resolves with the spans once they hold; rejects after a minute. */
  until(holds: (spans: readonly ReceivedSpan[]) => boolean): Promise<readonly ReceivedSpan[]>;
  close(): Promise<void>;
}

const plain = (attributes: WireAttributes = []) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );

interface WireSpan extends Omit<ReceivedSpan, 'attributes' | 'events' | 'schemaUrl' | 'resource'> {
  readonly attributes?: WireAttributes;
  readonly events?: readonly { readonly name: string }[];
}

interface WireBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: WireAttributes };
    readonly scopeSpans: readonly { readonly schemaUrl?: string; readonly spans: readonly WireSpan[] }[];
  }[];
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: OtlpReceiver['requests'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      for (const { resource, scopeSpans } of (JSON.parse(body) as WireBody).resourceSpans)
        for (const scope of scopeSpans)
          for (const span of scope.spans)
            spans.push({
              ...span,
              attributes: plain(span.attributes),
              events: (span.events ?? []).map(({ name }) => name),
              schemaUrl: scope.schemaUrl ?? '',
              resource: plain(resource.attributes),
            });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    async until(holds) {
      const end = Date.now() + 60_000;
      while (!holds(spans)) {
        if (Date.now() > end) throw new Error(`not received: ${spans.map(({ name }) => name).join(', ')}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return spans;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
