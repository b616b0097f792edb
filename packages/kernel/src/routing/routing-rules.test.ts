import { MyriadError, type RoutingRule, routingRuleSchema } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, type ScriptedEndpoint, usageOf } from '../testbed/scripted-endpoint.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const model = (id: string, broken = false): ScriptedEndpoint => ({
  // The highest preference is not what the rules name, so that a rule that does nothing shows.
  endpoint: endpointOf({ id, preference: id === 'best' ? 9 : 0 }),
  async *chat() {
    if (broken) throw new MyriadError('upstream_error', 'on fire');
    yield* answer([id], usageOf(10, 5));
  },
});
const rule = (value: object): RoutingRule => routingRuleSchema.parse({ name: 'r', ...value });
const toA = rule({ levels: [{ models: ['test/a'] }, { models: ['test/b'] }] });

async function serve(bench: ReturnType<typeof createKernelBench>, spec = {}, call = callOf()) {
  const run = await bench.begin(spec);
  await collect(run.chat(call));
  const { calls } = await run.settle(ok);
  return calls.map(({ endpointId, because }) => ({ endpointId, because }));
}
const served = async (when: object, spec: object, text = 'hello') => {
  const bench = createKernelBench([model('best'), model('a')], {
    routing: [rule({ when, levels: [{ models: ['test/a'] }] })],
  });
  return (await serve(bench, spec, callOf({ request: ask(text) })))[0]?.endpointId;
};

test('[K140] every condition has to hold; what no rule fits goes by merit', async () => {
  expect(await served({}, {})).toBe('a');
  expect(await served({ apps: ['one'] }, {})).toBe('a');
  expect(await served({ apps: ['other'] }, {})).toBe('best');
  expect(await served({ apps: ['direct'] }, { version: null })).toBe('a');
  expect(await served({ surfaces: ['page'] }, { surface: 'openai' })).toBe('best');
  expect(await served({ surfaces: ['page'], languages: ['zh'] }, { surface: 'page' })).toBe('best');
  expect(await served({ surfaces: ['page'], languages: ['zh'] }, { surface: 'page' }, '退款 needs 多久？')).toBe('a');
  expect(await served({ inputTokens: { from: 1_000 } }, {})).toBe('best');
  expect(await served({ inputTokens: { from: 1_000 } }, {}, 'word '.repeat(2_000))).toBe('a');
  expect(await served({ inputTokens: { below: 1_000 } }, {}, 'word '.repeat(2_000))).toBe('best');
});

test('[K140] a pinned model stands before any rule', async () => {
  const bench = createKernelBench([model('best'), model('a')], { routing: [toA] });
  const pinned = callOf({ need: { capabilities: [], optimize: 'cost', model: 'test/best' } });
  expect((await serve(bench, {}, pinned))[0]?.endpointId).toBe('best');
});

test('[K141] the next level serves when the one before has failed, and the trace says so', async () => {
  const bench = createKernelBench([model('best'), model('a', true), model('b')], { routing: [toA] });
  const calls = await serve(bench);
  expect(calls.map(({ endpointId }) => endpointId)).toEqual(['a', 'b']);
  expect(calls[0]?.because).toContain('rule "r", level 1');
  expect(calls[1]?.because).toContain('rule "r", level 2');
  expect(calls[1]?.because).toContain('test/a failed with upstream_error');
});

test('[K141] a level whose circuits are open is passed over without a try', async () => {
  const bench = createKernelBench([model('best'), model('a', true), model('b')], { routing: [toA] });
  for (let at = 0; at < 6; at += 1) await serve(bench);
  expect((await serve(bench)).map(({ endpointId }) => endpointId)).toEqual(['b']);
});

test('[K142] weights share the calls of a level', async () => {
  const weighted = rule({ levels: [{ models: ['test/a', 'test/b'], weights: [3, 1] }] });
  const bench = createKernelBench([model('best'), model('a'), model('b')], { routing: [weighted] });
  let first = 0;
  for (let at = 0; at < 400; at += 1) if ((await serve(bench))[0]?.endpointId === 'a') first += 1;
  // Binomial, 400 at 3/4: 300 ± 5 standard deviations of 8.7; the draws are seeded.
  expect(first).toBeGreaterThan(256);
  expect(first).toBeLessThan(344);
});

test('[K143] refuse lets no other model serve, any lets them', async () => {
  const levels = [{ models: ['test/gone'] }];
  const any = createKernelBench([model('best')], { routing: [rule({ levels })] });
  expect((await serve(any))[0]?.because).toContain('none of its levels');
  const none = createKernelBench([model('best')], { routing: [rule({ levels, otherwise: 'refuse' })] });
  await expect(serve(none)).rejects.toMatchObject({ code: 'capability_unavailable', facts: { rule: 'r' } });
});

test('a weight is wanted for each model', () => {
  expect(() => rule({ levels: [{ models: ['a', 'b'], weights: [1] }] })).toThrow('one weight a model');
});
