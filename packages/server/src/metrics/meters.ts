/**
 * What a node tells Prometheus. One registry a node, so that several in one process stay apart.
 * Names: `myriad_` + thing + unit in base units (seconds), as Prometheus asks of exporters.
 */
import type { Kernel, ModelCallRecord, RunRecord } from '@myriad/contracts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Apps that get a label of their own; the rest are `other`, as a registry may hold a million. */
const labelledApps = 200;
const buckets = {
  wait: [0.0001, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  commit: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  overhead: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
};

export type Meters = ReturnType<typeof createMeters>;

export interface RequestFacts {
  readonly route: string;
  readonly status: number;
  readonly wallMs: number;
  /** Runs that the request settled. */
  readonly runs: readonly RunRecord[];
}

export function createMeters() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const tallies: (() => void)[] = [];
  /** Counted in a plain table, since the registry's own counting sorts and hashes labels; told to it before it is read. */
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) => {
    const inner = new Counter({ name, help, labelNames: [...labelNames], registers });
    const counts = new Map<string, { readonly labels: Readonly<Record<T, string>>; count: number }>();
    tallies.push(() => {
      for (const { labels, count } of counts.values()) inner.inc(labels, count);
      counts.clear();
    });
    return {
      inc(labels: Readonly<Record<T, string>>, by = 1): void {
        let key = '';
        for (const label of labelNames) key += `${labels[label]}\n`;
        const known = counts.get(key);
        if (known) known.count += by;
        else counts.set(key, { labels, count: by });
      },
    };
  };
  const histogram = <T extends string>(name: string, help: string, labelNames: readonly T[], bounds: number[]) =>
    new Histogram({ name, help, labelNames: [...labelNames], buckets: bounds, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });

  const runs = counter('myriad_runs_total', 'Runs settled.', ['app', 'status', 'surface']);
  const tokens = counter('myriad_tokens_total', 'Tokens of settled runs.', ['app', 'kind']);
  const cost = counter('myriad_cost_micros_total', 'Priced cost of settled runs, in micros.', ['app', 'currency']);
  const unpriced = counter('myriad_unpriced_runs_total', 'Runs with a call whose price is unknown.', ['app']);
  const calls = counter('myriad_model_calls_total', 'Calls of base models.', ['model', 'status', 'cached']);
  const queue = histogram('myriad_queue_wait_seconds', 'Wait of a call for a slot.', ['model'], buckets.wait);
  const first = histogram('myriad_first_token_seconds', 'From dispatch to the first token.', ['model'], buckets.wait);
  const commit = histogram(
    'myriad_ledger_commit_seconds',
    'From handing a settlement to the ledger until it is durable.',
    [],
    buckets.commit,
  );
  const requests = counter('myriad_http_requests_total', 'Requests of the data plane.', ['route', 'status']);
  const overhead = histogram(
    'myriad_overhead_seconds',
    'Wall time of a request, from its head read from the socket to the last byte of its answer, minus the time during which a model server was at work. Holds all the rest: reading the body, sign-in, policy, waiting for a slot, translation, the ledger, and a slow reader.',
    ['route', 'lane'],
    buckets.overhead,
  );
  const inFlight = gauge('myriad_pool_in_flight', 'Calls in flight at an endpoint.', ['model']);
  const limit = gauge('myriad_pool_limit', 'Calls that an endpoint may have in flight now.', ['model']);
  const queued = gauge('myriad_pool_queued', 'Calls that wait for the endpoint.', ['model']);
  const circuit = gauge('myriad_circuit_state', '1 for the state that the circuit is in.', ['model', 'state']);
  const runsInFlight = gauge('myriad_runs_in_flight', 'Runs open now.', []);

  const known = new Set<string>();
  const appLabel = (name: string): string => {
    if (known.has(name)) return name;
    if (known.size >= labelledApps) return 'other';
    known.add(name);
    return name;
  };

  const observeCall = (call: ModelCallRecord) => {
    const { model } = call;
    calls.inc({ model, status: call.status, cached: String(call.cached) });
    queue.observe({ model }, call.queuedMs / 1000);
    if (call.firstTokenMs !== null) first.observe({ model }, call.firstTokenMs / 1000);
  };

  return {
    contentType: registry.contentType,
    observeRun(run: RunRecord, commitMs: number): void {
      const app = run.version === null ? 'direct' : appLabel(run.appName);
      runs.inc({ app, status: run.status, surface: run.surface });
      tokens.inc({ app, kind: 'input' }, run.usage.inputTokens);
      tokens.inc({ app, kind: 'output' }, run.usage.outputTokens);
      tokens.inc({ app, kind: 'cached_input' }, run.usage.cachedInputTokens);
      cost.inc({ app, currency: run.currency }, run.pricedMicros);
      if (run.costMicros === null) unpriced.inc({ app });
      commit.observe(commitMs / 1000);
      for (const call of run.calls) observeCall(call);
    },
    observeRequest({ route, status, wallMs, runs: settled }: RequestFacts): void {
      requests.inc({ route, status: String(status) });
      const upstreamMs = unionMs(settled.flatMap((run) => run.calls));
      overhead.observe({ route, lane: laneOf(settled) }, Math.max(0, wallMs - upstreamMs) / 1000);
    },
    /** The text that Prometheus scrapes; gauges are read from the kernel at this moment. */
    async expose(kernel: Pick<Kernel, 'status' | 'inFlight'>): Promise<string> {
      for (const each of [inFlight, limit, queued, circuit]) each.reset();
      for (const pool of kernel.status()) {
        const { model } = pool;
        inFlight.inc({ model }, pool.inFlight);
        limit.inc({ model }, pool.limit);
        queued.inc({ model }, pool.queued);
        for (const state of ['closed', 'open', 'half-open'])
          circuit.inc({ model, state }, state === pool.circuit ? 1 : 0);
      }
      runsInFlight.set(kernel.inFlight);
      for (const tell of tallies) tell();
      return registry.metrics();
    },
  };
}

/** How a request was served: what is compared must be alike. `none` had no run, such as a refused key or a list. */
export type Lane = 'plain' | 'stream' | 'cached' | 'media' | 'failed' | 'none';

export function laneOf(runs: readonly Pick<RunRecord, 'status' | 'stream' | 'calls'>[]): Lane {
  const run = runs[0];
  if (!run) return 'none';
  if (runs.some(({ status }) => status !== 'ok')) return 'failed';
  const calls = runs.flatMap((each) => each.calls);
  if (calls.length > 0 && calls.every(({ cached }) => cached)) return 'cached';
  if (calls.some(({ media }) => media !== undefined)) return 'media';
  return runs.some(({ stream }) => stream) ? 'stream' : 'plain';
}

/** Time during which at least one call was at a model server; hedged and parallel calls count once. Cached calls took none. */
export function unionMs(calls: readonly Pick<ModelCallRecord, 'startedAt' | 'totalMs' | 'cached'>[]): number {
  const spans = calls
    .filter(({ cached }) => !cached)
    .map(({ startedAt, totalMs }) => [startedAt, startedAt + totalMs] as const)
    .sort(([left], [right]) => left - right);
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans) {
    total += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return total;
}
