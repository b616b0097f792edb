import type { ChatMessage, ModelEvent, RunSpec } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, usageOf } from '../testbed/scripted-endpoint.ts';
import { createSemanticCache } from './semantic-cache.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const cache = { exact: false, semantic: true, ttlMs: 60_000 };

/** Vectors that a test chooses; what it does not name is like nothing else. */
const vectors: Readonly<Record<string, readonly number[]>> = {
  'How long do refunds take?': [1, 0, 0],
  'How long does a refund take?': [0.99, 0.1, 0],
  'Where is order 7?': [0, 1, 0],
  'Where is order 8?': [0, 1, 0.01],
  'Something else': [0.8, 0.6, 0],
};

const model = {
  endpoint: endpointOf({ id: 'm1' }),
  chat: (_: unknown, __: unknown, call: number): AsyncIterable<ModelEvent> =>
    answer([`answer ${call}`], usageOf(10, 5)),
};

function embedder(fails = false) {
  return {
    endpoint: endpointOf({ id: 'e1', capabilities: ['embed'] }),
    chat: () => answer([], null),
    embed: async ({ inputs }: { readonly inputs: readonly string[] }) => {
      if (fails) throw new Error('embedder down');
      return {
        vectors: inputs.map((input) => vectors[input] ?? [0, 0, 1]),
        model: 'e1',
        usage: usageOf(10, 0),
      };
    },
  };
}

type Bench = ReturnType<typeof createKernelBench>;

async function serve(bench: Bench, text: string, overrides: Partial<RunSpec> = {}, request = ask(text)) {
  const run = await bench.begin({ cache, ...overrides });
  const events = await collect(run.chat(callOf({ request })));
  return { text: textOf(events), record: await run.settle(ok) };
}

test('[K110] a question alike is answered from the cache, billed as its embedding and the price of a hit', async () => {
  const bench = createKernelBench([model, embedder()], { cache: { hitPriceRatio: 0.1 } });
  const first = await serve(bench, 'How long do refunds take?');
  // 10 tokens embedded at 1 micro; 10 read at 1 and 5 written at 4.
  expect(first.record.costMicros).toBe(10 + 30);
  const second = await serve(bench, 'How long does a refund take?');
  expect(second.text).toBe('answer 1');
  expect(second.record).toMatchObject({ costMicros: 10 + 3, model: 'test/m1', status: 'ok' });
  expect(second.record.calls.map(({ model: name, cached }) => [name, cached])).toEqual([
    ['test/e1', false],
    ['test/m1', true],
  ]);
  expect(second.record.calls[1]?.because).toMatch(/semantic cache, likeness 0\.99/);
});

test('[K110] a question less alike, or with other numbers, is asked', async () => {
  const bench = createKernelBench([model, embedder()]);
  await serve(bench, 'How long do refunds take?');
  expect((await serve(bench, 'Something else')).text).toBe('answer 2');
  await serve(bench, 'Where is order 7?');
  expect((await serve(bench, 'Where is order 8?')).text).toBe('answer 4');
  expect((await serve(bench, 'Where is order 7?')).text).toBe('answer 3');
});

test('[K111] tenants, apps, versions and variants never see each other’s answers', async () => {
  const bench = createKernelBench([model, embedder()]);
  const assignment = { experiment: 'e', variant: 'control', reason: 'experiment', unit: 'u' } as const;
  const others: Partial<RunSpec>[] = [
    {},
    { tenant: 'other' },
    { appId: 'app_two' },
    { version: 'v2' },
    { assignment },
    { delivered: 'control' },
  ];
  const texts = [];
  for (const overrides of others) texts.push((await serve(bench, 'How long do refunds take?', overrides)).text);
  expect(new Set(texts).size).toBe(others.length);
  for (const [at, overrides] of others.entries())
    expect((await serve(bench, 'How long does a refund take?', overrides)).text).toBe(texts[at]);
});

test('[K111] an earlier turn, a tool, an image or a setting that differs is another question', async () => {
  const bench = createKernelBench([model, embedder()]);
  const text = 'How long do refunds take?';
  const question = ask(text).messages[0] as ChatMessage;
  const turn = (words: string): ChatMessage => ({ role: 'user', content: [{ type: 'text', text: words }] });
  const requests = [
    ask(text),
    { messages: [turn('I bought a bike.'), question] },
    { messages: [turn('I bought a car.'), question] },
    ask(text, { temperature: 0.3 }),
    ask(text, { tools: [{ name: 'look', parameters: {} }] }),
    ask(text, { tools: [{ name: 'look', parameters: {} }] }),
  ];
  for (const [at, request] of requests.entries())
    expect((await serve(bench, text, {}, request)).text).toBe(`answer ${at + 1}`);
});

test('[K112] without an embedder, or when it fails, the model is asked and the run is well', async () => {
  for (const endpoints of [[model], [model, embedder(true)]]) {
    const bench = createKernelBench(endpoints);
    await serve(bench, 'How long do refunds take?');
    const second = await serve(bench, 'How long do refunds take?');
    expect(second.text).toBe('answer 2');
    expect(second.record).toMatchObject({ status: 'ok', model: 'test/m1' });
  }
  const off = createKernelBench([model, embedder()]);
  await serve(off, 'How long do refunds take?', { cache: { exact: false, ttlMs: 60_000 } });
  const { record } = await serve(off, 'How long do refunds take?', { cache: { exact: false, ttlMs: 60_000 } });
  expect(record.calls).toHaveLength(1);
});

test('[K112] answers go after their time, and memory stays within its bound', async () => {
  const bench = createKernelBench([model, embedder()]);
  await serve(bench, 'How long do refunds take?');
  await bench.clock.advance(60_000);
  expect((await serve(bench, 'How long do refunds take?')).text).toBe('answer 2');

  const small = createSemanticCache({ now: () => 0 }, 50_000);
  const kept = {
    events: [{ type: 'text', choice: 0, text: 'x'.repeat(500) } as const],
    endpointId: 'm',
    model: 'm',
    generates: true,
    costMicros: 0,
    currency: 'USD',
  };
  for (let at = 0; at < 500; at += 1) {
    small.set(`s${at % 7}`, [1, at], kept, 1_000);
    expect(small.sizeBytes).toBeLessThanOrEqual(50_000);
  }
  expect(small.nearest('s2', [1, 499], 0.99)).not.toBeNull();
  small.set('zero', [0, 0], kept, 1_000);
  expect(small.nearest('zero', [0, 0], 0.5)).toBeNull();
});
