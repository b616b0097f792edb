/**
 * Random runs against endpoints that fail, stall, cut, lie and answer, under nested budgets; then every book is compared
 * with every other: budgets in memory, the ledger's charges, the runs' own costs, and what the endpoints say they served.
 */
import { type Budget, costOf, type ModelEvent, MyriadError, noUsage } from '@myriad/contracts';
import { ask, createKernelBench, type KernelBench } from './kernel-bench.ts';
import { endpointOf, type ScriptedEndpoint, untilAborted } from './scripted-endpoint.ts';
import { createSeededRandom, settlePromises } from './virtual-clock.ts';

export interface BooksSpec {
  readonly seed: number;
  readonly runs: number;
  /** Runs open at once. */
  readonly parallel: number;
}

export interface BooksOutcome {
  readonly runs: number;
  readonly refused: number;
  readonly fallbacks: number;
  /** Sentences about what does not add up; empty when all does. */
  readonly faults: readonly string[];
}

/** What one endpoint truly served and reported to the end. */
interface Served {
  reportedMicros: number;
  reportedCalls: number;
}

/** Bytes of `please write`, and what a message and a template add. */
const boundTokens = 12 + 16 + 64;
const scopes = ['org', 'team:a', 'team:b', 'app:one', 'app:two', 'key:k1'];

function unreliable(
  id: string,
  price: number,
  bench: () => KernelBench,
  random: () => number,
  served: Served,
): ScriptedEndpoint {
  const endpoint = endpointOf({
    id,
    concurrency: 12,
    price: {
      currency: random() < 0.5 ? 'USD' : 'CNY',
      inputMicrosPerMillion: price,
      outputMicrosPerMillion: price * 4,
      source: 'test',
      date: '2026-01-01',
    },
  });
  return {
    endpoint,
    async *chat(request, { signal }): AsyncGenerator<ModelEvent> {
      const pause = () =>
        Promise.race([bench().clock.sleep(random() * 400, signal), untilAborted(signal)]).catch((error) => {
          throw error;
        });
      const fate = random();
      if (fate < 0.08) throw new MyriadError('upstream_unavailable', 'refused');
      if (fate < 0.12) throw new MyriadError('upstream_rate_limited', 'slow', { retryAfterMs: 200 });
      yield { type: 'start', model: id };
      await pause();
      // Some fail after they said what reading the question cost: that attempt is paid as well as the next.
      if (fate < 0.15) {
        const usage = { ...noUsage, inputTokens: boundTokens };
        yield { type: 'usage', usage, provisional: true };
      }
      if (fate < 0.18) throw new MyriadError('upstream_error', 'broken before a word');
      const most = request.maxOutputTokens ?? 100;
      // Every second answer costs all that could be held for it: the bound of the words asked, and the whole limit.
      const costsAll = random() < 0.5;
      const inputTokens = costsAll ? boundTokens : 10 + Math.floor(random() * 40);
      const outputTokens = costsAll ? most : 2 + Math.floor(random() * (most - 2));
      if (fate < 0.3) yield { type: 'usage', usage: { ...noUsage, inputTokens, outputTokens: 1 }, provisional: true };
      for (let token = 0; token < outputTokens; token += 8) {
        yield { type: 'text', choice: 0, text: 'word word word word ' };
        if (random() < 0.2) await pause();
        if (fate < 0.24 && token > 8) throw new MyriadError('upstream_cut', 'cut');
      }
      yield { type: 'finish', choice: 0, reason: 'stop' };
      if (fate < 0.36) return;
      const usage = { ...noUsage, inputTokens, outputTokens };
      if (fate < 0.4) {
        yield { type: 'usage', usage: { ...usage, outputTokens: 1_000_000 }, provisional: false };
        return;
      }
      served.reportedCalls += 1;
      served.reportedMicros += costOf(usage, endpoint.price)?.micros ?? 0;
      yield { type: 'usage', usage, provisional: false };
    },
  };
}

function budgetsOf(random: () => number): readonly Budget[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const budget = (scope: string, limitMicros: number): Budget => ({
    scope,
    limitMicros,
    currency: scope.startsWith('team') ? 'CNY' : 'USD',
    period: 'day',
    onExceed: scope === 'key:k1' ? 'downgrade' : scope === 'app:two' ? 'queue' : 'refuse',
  });
  const nested = [budget('org', 25_000)];
  if (random() < 0.7) nested.push(budget(pick(['team:a', 'team:b']), 90_000));
  nested.push(budget(pick(['app:one', 'app:two']), 12_000));
  if (random() < 0.4) nested.push(budget('key:k1', 3_000));
  return nested;
}

export async function checkBooks({ seed, runs, parallel }: BooksSpec): Promise<BooksOutcome> {
  const { next: random } = createSeededRandom(seed);
  const faults: string[] = [];
  const served = new Map<string, Served>();
  const endpoints = [300_000, 1_000_000, 4_000_000].map((price, at) => {
    const books: Served = { reportedMicros: 0, reportedCalls: 0 };
    served.set(`e${at}`, books);
    return unreliable(`e${at}`, price, () => bench, random, books);
  });
  const hedged = seed % 3 === 0 ? { hedgeAfterMs: 150 } : {};
  const bench: KernelBench = createKernelBench(endpoints, { limits: { queuePerApp: 500, queueMs: 20_000 }, ...hedged });
  const limits = new Map<string, number>();
  let refused = 0;
  let open = 0;
  let ended = 0;

  const overspent = () => {
    const spent = new Map<string, number>();
    for (const { charges } of bench.ledger.settlements)
      for (const { scope, micros } of charges) spent.set(scope, (spent.get(scope) ?? 0) + micros);
    for (const [scope, micros] of spent)
      if (micros > (limits.get(scope) ?? 0)) faults.push(`${scope} spent ${micros} of ${limits.get(scope)}`);
    return spent;
  };

  const one = async () => {
    const budgets = budgetsOf(random);
    for (const { scope, limitMicros } of budgets) limits.set(scope, limitMicros);
    const controller = new AbortController();
    if (random() < 0.25) bench.clock.after(random() * 2_000, () => controller.abort());
    const optimize = (['cost', 'speed', 'quality', 'balanced'] as const)[Math.floor(random() * 4)] ?? 'cost';
    let status: 'ok' | 'error' = 'ok';
    let errorCode: string | null = null;
    const run = await bench.begin({ budgets, appId: budgets.at(-1)?.scope ?? 'x' }).catch(() => null);
    if (!run) {
      refused += 1;
      return;
    }
    const calls = 1 + Math.floor(random() * 3);
    const leaveAt = random() < 0.15 ? Math.floor(random() * 6) : Number.POSITIVE_INFINITY;
    try {
      for (let call = 0; call < calls; call += 1) {
        let events = 0;
        const request = ask('please write', { maxOutputTokens: 20 + Math.floor(random() * 300) });
        const need = { capabilities: [], optimize };
        for await (const _ of run.chat({ request, need, stream: true, signal: controller.signal })) {
          events += 1;
          if (events > leaveAt) break;
        }
      }
    } catch (error) {
      status = 'error';
      errorCode = error instanceof MyriadError ? error.code : String(error);
      if (errorCode === 'budget_exhausted') refused += 1;
      if (!(error instanceof MyriadError)) faults.push(`a bare error came out: ${String(error)}`);
      if (errorCode === 'internal') faults.push(`internal: ${String((error as Error).cause)}`);
    }
    await run.settle({ status, errorCode, steps: [] });
  };

  let begun = 0;
  const more = () => {
    while (open < parallel && begun < runs) {
      begun += 1;
      open += 1;
      one()
        .catch((error) => faults.push(`a run failed: ${String(error)}`))
        .finally(() => {
          open -= 1;
          ended += 1;
          more();
        });
    }
  };
  more();
  for (let turn = 0; ended < runs; turn += 1) {
    await settlePromises();
    if (!bench.clock.step() && open > 0 && turn > 90_000) {
      faults.push(`${open} runs never ended`);
      break;
    }
  }
  await settlePromises();

  const spent = overspent();
  compare(bench, spent, faults);
  await compareMemory(bench, spent, faults);
  let fallbacks = 0;
  const booked = new Map<string, { micros: number; calls: number }>();
  for (const { run } of bench.ledger.settlements) {
    if (run.calls.some((call) => call.attempt > 1 && call.status === 'ok')) fallbacks += 1;
    for (const call of run.calls) {
      if (call.status !== 'ok' || call.usage.source !== 'reported') continue;
      const books = booked.get(call.endpointId) ?? { micros: 0, calls: 0 };
      booked.set(call.endpointId, { micros: books.micros + (call.cost?.micros ?? 0), calls: books.calls + 1 });
    }
  }
  for (const [id, { reportedMicros, reportedCalls }] of served) {
    const books = booked.get(id) ?? { micros: 0, calls: 0 };
    // A caller may leave between the finish and the report; then the report was served and not read.
    if (books.calls > reportedCalls || books.micros > reportedMicros)
      faults.push(`${id} served ${reportedMicros} in ${reportedCalls} calls, booked ${books.micros} in ${books.calls}`);
  }
  return { runs: ended, refused, fallbacks, faults };
}

/** Memory against ledger: nothing held, every charge accounted for, every slot free. */
function compare(bench: KernelBench, spent: ReadonlyMap<string, number>, faults: string[]): void {
  if (bench.ledger.holds.size > 0) faults.push(`${bench.ledger.holds.size} holds were left behind`);
  if (bench.kernel.inFlight !== 0) faults.push(`${bench.kernel.inFlight} runs are still open`);
  for (const status of bench.kernel.status())
    if (status.inFlight !== 0 || status.queued !== 0)
      faults.push(`${status.endpointId} has ${status.inFlight} in flight and ${status.queued} queued`);
  const rates: Record<string, number> = { USD: 1, CNY: 0.14 };
  for (const scope of scopes) {
    let fromCalls = 0;
    let calls = 0;
    for (const { run, charges } of bench.ledger.settlements) {
      const charge = charges.find((candidate) => candidate.scope === scope);
      if (!charge) continue;
      for (const { cost } of run.calls) {
        if (!cost || cost.micros === 0) continue;
        const rate = (rates[cost.currency] as number) / (rates[charge.currency] as number);
        fromCalls += cost.currency === charge.currency ? cost.micros : Math.ceil(cost.micros * rate);
        calls += 1;
      }
    }
    const booked = spent.get(scope) ?? 0;
    if (Math.abs(booked - fromCalls) > calls)
      faults.push(`${scope}: ${booked} micros charged, ${fromCalls} by the calls themselves`);
  }
}

/** A run under a budget of nothing is refused with what memory knows of the budget. */
async function compareMemory(bench: KernelBench, spent: ReadonlyMap<string, number>, faults: string[]): Promise<void> {
  for (const [scope, micros] of spent) {
    const currency = scope.startsWith('team') ? 'CNY' : 'USD';
    const budget: Budget = { scope, limitMicros: 0, currency, period: 'day', onExceed: 'refuse' };
    const refusal = await bench.begin({ budgets: [budget] }).catch((error: MyriadError) => error);
    const facts = refusal instanceof MyriadError ? refusal.facts : {};
    if (facts.spentMicros !== micros || facts.heldMicros !== 0)
      faults.push(`${scope}: memory says ${facts.spentMicros} spent, ${facts.heldMicros} held; the ledger ${micros}`);
  }
}
