/**
 * OpenTelemetry traces of runs. Nothing of OpenTelemetry is loaded where traces are off. Spans are made from the run's
 * record after the ledger has it, in a turn of their own: no answer waits for one.
 */
import type { EndpointSource, Kernel, LedgerStore, RunRecord } from '@myriad/contracts';
import type { GuardPolicy } from '@myriad/kernel';
import type { Log } from '../log.ts';
import { currentScope } from '../metrics/request-scope.ts';
import { openExporter } from './open-exporter.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';
import { readTraceparent, traceIdOf } from './trace-context.ts';
import { tracedEndpoints } from './traced-endpoints.ts';
import type { TracedRun } from './traced-run.ts';

export interface Telemetry {
  /** The same endpoints; calls carry the trace on, and what they are about is kept where the operator opted in. */
  endpoints(source: EndpointSource): EndpointSource;
  ledger(ledger: LedgerStore): LedgerStore;
  /** The same kernel; each run begun takes the trace of the request that it serves. */
  bind(kernel: Kernel): Kernel;
  /** Sends what is left, for a short time. */
  close(): Promise<void>;
}

/** Records that wait to become spans; beyond it the newest are dropped, and the log says so. */
const mostWaiting = 4_096;

export async function openTelemetry(
  settings: TelemetrySettings,
  house: { readonly version: string; readonly policy: GuardPolicy; readonly log: Log },
): Promise<Telemetry> {
  const traced = new Map<string, TracedRun>();
  let source: EndpointSource | null = null;
  const exporter = await openExporter(settings, house, (id) => source?.list().find((endpoint) => endpoint.id === id));
  const waiting: { readonly run: RunRecord; readonly traced: TracedRun }[] = [];
  let isScheduled = false;
  let dropped = 0;

  const write = () => {
    isScheduled = false;
    for (const each of waiting.splice(0)) exporter.write(each.run, each.traced);
    if (dropped > 0) house.log('error', 'telemetry_dropped', { runs: dropped });
    dropped = 0;
  };

  const keep = (run: RunRecord) => {
    const known = traced.get(run.id);
    traced.delete(run.id);
    if (known?.sampled !== true) return;
    if (waiting.length >= mostWaiting) dropped += 1;
    else waiting.push({ run, traced: known });
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(write);
  };

  return {
    endpoints(inner) {
      source = inner;
      return tracedEndpoints(inner, (runId) => traced.get(runId), settings.content);
    },
    ledger: (ledger) => ({
      hold: (hold) => ledger.hold(hold),
      async settle(settlement) {
        await ledger.settle(settlement);
        keep(settlement.run);
      },
      staleHolds: (livingOwners) => ledger.staleHolds(livingOwners),
      run: (id) => ledger.run(id),
      runs: (query) => ledger.runs(query),
      spend: (query) => ledger.spend(query),
      budgetState: (scope, periodStart) => ledger.budgetState(scope, periodStart),
      exposures: (query) => ledger.exposures(query),
      totals: () => ledger.totals(),
    }),
    bind: (kernel) => ({
      ...kernel,
      get inFlight() {
        return kernel.inFlight;
      },
      async begin(spec) {
        const run = await kernel.begin(spec);
        const scope = currentScope();
        const parent = readTraceparent(scope?.traceparent, scope?.tracestate);
        const traceId = parent?.traceId ?? traceIdOf(spec.runId);
        const sampled = parent ? parent.sampled : exporter.samples(traceId);
        traced.set(spec.runId, { parent, traceId, sampled, calls: new Map() });
        return run;
      },
    }),
    async close() {
      write();
      await exporter.close();
    },
  };
}
