import { expect, test } from 'vitest';
import { between, heavyTail } from '../testbed/simulate-pool.ts';
import { simulateUpstreams, summarize, type UpstreamTrace } from '../testbed/simulate-upstream.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';

const upstream: UpstreamTrace = {
  id: 'a',
  concurrency: 32,
  capacityAt: () => 32,
  firstTokenMs: 200,
  perTokenMs: 10,
};
const base = { seed: 5, backlog: 100, durationMs: 420_000, outputTokens: between(50, 300) };

test('[K80] after capacity is halved unannounced, within a minute refusals are under 1 % and goodput at least 95 % of the oracle', () => {
  for (const concurrency of [8, 32, 128]) {
    const capacityAt = (now: number) => (now < 120_000 ? concurrency : concurrency / 2);
    const windows = simulateUpstreams({ ...base, upstreams: [{ ...upstream, concurrency, capacityAt }] });
    const before = summarize(windows, 10_000, 120_000);
    const after = summarize(windows, 180_000, 410_000);
    expect(before).toMatchObject({ refusedRatio: 0 });
    expect(before.goodputRatio).toBeGreaterThan(0.99);
    expect(after.refusedRatio).toBeLessThan(0.01);
    expect(after.goodputRatio).toBeGreaterThan(0.95);
  }
});

test('[K80] capacity that comes back is found again', () => {
  const capacityAt = (now: number) => (now < 60_000 || now > 180_000 ? 32 : 8);
  const windows = simulateUpstreams({ ...base, durationMs: 1_200_000, upstreams: [{ ...upstream, capacityAt }] });
  expect(summarize(windows, 120_000, 180_000).goodputRatio).toBeGreaterThan(0.95);
  expect(summarize(windows, 900_000, 1_190_000).goodputRatio).toBeGreaterThan(0.95);
});

test('[K81] a storm of clients that retry at once is damped: the endpoint sees few refused calls', () => {
  const windows = simulateUpstreams({
    ...base,
    patient: false,
    backlog: 400,
    outputTokens: heavyTail(20, 2_000),
    upstreams: [{ ...upstream, capacityAt: (now) => (now < 60_000 ? 32 : 10) }],
  });
  expect(summarize(windows, 120_000, 410_000).refusedRatio).toBeLessThan(0.02);
  expect(summarize(windows, 120_000, 410_000).goodputRatio).toBeGreaterThan(0.95);
});

test('[K82] when an endpoint dies the other carries on at full width, and it is used again when it is back', () => {
  const capacityAt = (now: number) => (now < 60_000 || now > 180_000 ? 32 : 0);
  const windows = simulateUpstreams({
    ...base,
    upstreams: [
      { ...upstream, capacityAt },
      { ...upstream, id: 'b' },
    ],
  });
  const dead = summarize(windows, 70_000, 180_000);
  expect(dead.goodputRatio).toBeGreaterThan(0.99);
  expect(dead.failedRatio).toBeLessThan(0.02);
  expect(summarize(windows, 250_000, 410_000).goodputRatio).toBeGreaterThan(0.99);
});

test('[K83] the width falls when tokens come slower, not when answers are longer', () => {
  const feed = (limit: AdaptiveLimit, calls: number, firstTokenMs: number, perTokenMs: number, from: number) => {
    for (let call = 0; call < calls; call += 1)
      limit.onSuccess(from + call, { firstTokenMs, perTokenMs }, limit.width, from + call + 1);
  };
  const limit = new AdaptiveLimit({ most: 64 });
  feed(limit, 200, 200, 10, 0);
  expect(limit.width).toBe(64);
  feed(limit, 200, 200, 40, 1_000);
  expect(limit.width).toBeLessThan(40);
  const narrow = limit.width;
  feed(limit, 4_000, 200, 10, 2_000);
  expect(limit.width).toBeGreaterThan(narrow);

  const late = new AdaptiveLimit({ most: 64 });
  feed(late, 200, 200, 10, 0);
  feed(late, 200, 900, 10, 1_000);
  expect(late.width).toBeLessThan(40);
});

test('[K83] refusals of one moment count once, and a width of one stays', () => {
  const limit = new AdaptiveLimit({ most: 10 });
  for (let call = 0; call < 10; call += 1) limit.onRefused(100, 10, 200);
  expect(limit.width).toBe(8);
  const one = new AdaptiveLimit({ most: 1 });
  one.onRefused(0, 1, 1);
  expect(one.width).toBe(1);
});

test('[K83] a refusal with few calls in flight does not close the endpoint down', () => {
  const limit = new AdaptiveLimit({ most: 64 });
  limit.onRefused(0, 2, 10);
  expect(limit.width).toBe(51);
});
