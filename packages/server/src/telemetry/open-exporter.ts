/** The official OpenTelemetry SDK and OTLP/HTTP exporter, loaded when traces are on and not before. */
import type { ModelEndpoint, RunRecord } from '@myriad/contracts';
import type { GuardPolicy } from '@myriad/kernel';
import type { Log } from '../log.ts';
import { type PlannedSpan, runSpans } from './run-spans.ts';
import { contentGuard } from './span-content.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';
import type { TracedRun } from './traced-run.ts';

export interface Exporter {
  /** Whether a trace that begins here is kept. */
  samples(traceId: string): boolean;
  /** Makes the run's spans and leaves them to the batch; waits for nothing. */
  write(run: RunRecord, traced: TracedRun): void;
  close(): Promise<void>;
}

/** Version of the semantic conventions that names and values follow. */
const schemaUrl = 'https://opentelemetry.io/schemas/1.45.0';
const exportTimeoutMs = 5_000;
/** A receiver that is away is told of in the log once in so long. */
const complaintEveryMs = 60_000;
const closeMs = 2_000;

export async function openExporter(
  settings: TelemetrySettings,
  house: { readonly version: string; readonly policy: GuardPolicy; readonly log: Log },
  endpointOf: (id: string) => ModelEndpoint | undefined,
): Promise<Exporter> {
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const inner = new OTLPTraceExporter({
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: exportTimeoutMs,
  });
  let complainedAt = Number.NEGATIVE_INFINITY;
  const exporter: Pick<typeof inner, 'export' | 'shutdown' | 'forceFlush'> = {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        if (result.error && performance.now() - complainedAt > complaintEveryMs) {
          complainedAt = performance.now();
          house.log('error', 'telemetry_failed', { message: result.error.message, spans: spans.length });
        }
        done(result);
      }),
    shutdown: () => inner.shutdown(),
    forceFlush: () => inner.forceFlush(),
  };

  // The ids of a run and of its calls follow from the ledger's; those of other spans are random.
  const random = new sdk.RandomIdGenerator();
  let next: { traceId: string; spanId: string | null } = { traceId: '', spanId: null };
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.serviceName, 'service.version': house.version }),
    sampler: new sdk.AlwaysOnSampler(),
    idGenerator: {
      generateTraceId: () => next.traceId,
      generateSpanId: () => next.spanId ?? random.generateSpanId(),
    },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        maxQueueSize: 8_192,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 1_000,
      }),
    ],
  });
  const tracer = provider.getTracer('myriad', house.version, { schemaUrl });
  const ratio = new sdk.TraceIdRatioBasedSampler(settings.sampleRatio);
  const guard = settings.content ? contentGuard(house.policy) : null;

  const start = (planned: PlannedSpan, traced: TracedRun, parent: ReturnType<typeof api.trace.setSpan>) => {
    next = { traceId: traced.traceId, spanId: planned.id };
    const span = tracer.startSpan(
      planned.name,
      { kind: api.SpanKind[planned.kind], startTime: hrTime(planned.startedAt), attributes: planned.attributes },
      parent,
    );
    for (const event of planned.events) span.addEvent(event.name, event.attributes, hrTime(event.time));
    if (planned.failure) span.setStatus({ code: api.SpanStatusCode.ERROR, message: planned.failure });
    span.end(hrTime(planned.endedAt));
    return span;
  };

  return {
    samples: (traceId) =>
      ratio.shouldSample(api.ROOT_CONTEXT, traceId).decision === sdk.SamplingDecision.RECORD_AND_SAMPLED,
    write(run, traced) {
      const { parent } = traced;
      const above = parent
        ? api.trace.setSpanContext(api.ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: api.TraceFlags.SAMPLED,
            isRemote: true,
            ...(parent.state === null ? {} : { traceState: api.createTraceState(parent.state) }),
          })
        : api.ROOT_CONTEXT;
      const { root, children } = runSpans(run, traced, { endpointOf, guard });
      const context = api.trace.setSpan(above, start(root, traced, above));
      for (const child of children) start(child, traced, context);
    },
    async close() {
      let stop: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        stop = setTimeout(resolve, closeMs);
      });
      await Promise.race([provider.shutdown().catch(() => {}), limit]);
      clearTimeout(stop);
    },
  };
}

/** Milliseconds since the epoch as seconds and nanoseconds. */
function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
