import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, usageOf } from '../testbed/scripted-endpoint.ts';

const none = { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null };
const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const bench = () =>
  createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['x'], usageOf(40, 60)) }]);

test('[K15] requests a minute: the next is refused with the time to wait, and goes when that time has passed', async () => {
  const { begin, clock } = bench();
  const limits = { ...none, requestsPerMinute: 3 };
  for (let request = 0; request < 3; request += 1) {
    await (await begin({ limits })).settle(ok);
    await clock.advance(10_000);
  }
  const refusal = await begin({ limits }).catch((error) => error);
  expect(refusal).toMatchObject({ code: 'rate_limited', facts: { allowed: 3, used: 3 } });
  expect(refusal.retryAfterMs).toBeGreaterThan(30_000);
  expect(refusal.retryAfterMs).toBeLessThanOrEqual(31_000);
  await clock.advance(refusal.retryAfterMs);
  await expect(begin({ limits })).resolves.toBeDefined();
});

test('[K15] runs at once: the place is free again when the run settles, and apps do not share it', async () => {
  const { begin } = bench();
  const limits = { ...none, parallel: 1 };
  const first = await begin({ limits });
  await expect(begin({ limits })).rejects.toMatchObject({ code: 'rate_limited' });
  await expect(begin({ limits, appId: 'app_two' })).resolves.toBeDefined();
  await first.settle(ok);
  await expect(begin({ limits })).resolves.toBeDefined();
});

test('[K15] tokens a minute: reserved by estimate, corrected by what was used, and given back by a refusal', async () => {
  const { begin, clock } = bench();
  const limits = { ...none, tokensPerMinute: 250 };
  const request = ask('hello', { maxOutputTokens: 60 });
  for (let call = 0; call < 2; call += 1) {
    const run = await begin({ limits });
    await collect(run.chat(callOf({ request })));
    await run.settle(ok);
  }
  // 200 used; the next is expected to take 66.
  const third = await begin({ limits });
  const refusal = await collect(third.chat(callOf({ request }))).catch((error) => error);
  expect(refusal).toMatchObject({ code: 'rate_limited', facts: { limit: 'tokens a minute', used: 200 } });
  await clock.advance(refusal.retryAfterMs);
  await collect(third.chat(callOf({ request })));
});
