import { expect, test } from 'vitest';
import { firstInFirstOut, productionPolicy } from '../testbed/policies.ts';
import { measureServiceGap } from '../testbed/service-gap.ts';
import { type AppTrace, between, heavyTail, jainIndex, percentile, simulate } from '../testbed/simulate-pool.ts';
import { createSeededRandom } from '../testbed/virtual-clock.ts';

const steady: Pick<AppTrace, 'inputTokens' | 'outputTokens'> = {
  inputTokens: between(50, 400),
  outputTokens: between(50, 300),
};

test('[K70] in 100 seeded runs the service of any two waiting apps stays within the stated bound', () => {
  let worst = 0;
  let starts = 0;
  for (let seed = 1; seed <= 100; seed += 1) {
    const outcome = measureServiceGap(seed);
    worst = Math.max(worst, outcome.worstRatio);
    starts += outcome.starts;
  }
  expect(worst).toBeLessThanOrEqual(1);
  expect(worst).toBeGreaterThan(0.02);
  expect(starts).toBeGreaterThan(5_000);
});

test('[K71] waiting apps share by weight: weighted Jain index at least 0.999', () => {
  const { next: random } = createSeededRandom(11);
  const weights = [0.5, 1, 1, 2, 4, 0.75, 3, 1.5];
  const apps = weights.map((weight, at) => ({
    weight,
    outstanding: 24,
    inputTokens: between(20, 200 + at * 100),
    outputTokens: heavyTail(20, 800),
  }));
  const { apps: outcomes, idleRatio } = simulate({
    apps,
    slots: 16,
    durationMs: 1_800_000,
    random,
    policy: productionPolicy(),
  });
  expect(jainIndex(outcomes.map((outcome, at) => outcome.served / (weights[at] as number)))).toBeGreaterThan(0.999);
  expect(idleRatio).toBe(0);
});

test('[K71] tenants share before their apps do: one with many apps gets no more than one with a single app', () => {
  const { next: random } = createSeededRandom(12);
  const apps: AppTrace[] = [
    { tenant: 'small', outstanding: 20, ...steady },
    ...Array.from({ length: 9 }, () => ({ tenant: 'large', outstanding: 20, ...steady })),
  ];
  const { apps: outcomes } = simulate({ apps, slots: 8, durationMs: 600_000, random, policy: productionPolicy() });
  const [small, ...large] = outcomes.map((outcome) => outcome.served);
  const largeSum = large.reduce((sum, served) => sum + served, 0);
  expect(largeSum / (small as number)).toBeGreaterThan(0.98);
  expect(largeSum / (small as number)).toBeLessThan(1.02);
  expect(jainIndex(large)).toBeGreaterThan(0.999);
});

test('[K72] no slot is idle while a call waits, under bursts, on and off, and heavy tails', () => {
  const { next: random } = createSeededRandom(13);
  const apps: AppTrace[] = Array.from({ length: 40 }, (_, app) => ({
    ratePerSecond: 4 / (app + 1),
    burst: 1 + (app % 5),
    ...(app % 3 === 0 ? { onOff: { onMs: 4_000, offMs: 9_000 } } : {}),
    inputTokens: between(10, 1_000),
    outputTokens: heavyTail(10, 4_000),
  }));
  const { idleRatio, busyRatio } = simulate({
    apps,
    slots: 12,
    durationMs: 600_000,
    random,
    policy: productionPolicy(),
  });
  expect(idleRatio).toBe(0);
  expect(busyRatio).toBeGreaterThan(0.5);
});

/** Twenty light apps beside twenty that always wait; one more app that is light as well, or floods. */
function lightWaits(flood: boolean, policy = productionPolicy()): number {
  const { next: random } = createSeededRandom(14);
  const light: AppTrace = { ratePerSecond: 0.04, ...steady };
  const apps: AppTrace[] = [
    ...Array.from({ length: 20 }, () => light),
    ...Array.from({ length: 20 }, () => ({ outstanding: 12, ...steady })),
    // On half the time at twice a hundred times the rate.
    flood ? { ...light, ratePerSecond: 8, onOff: { onMs: 30_000, offMs: 30_000 } } : light,
  ];
  const { apps: outcomes } = simulate({ apps, slots: 8, durationMs: 7_200_000, random, policy });
  return percentile(
    outcomes.slice(0, 20).flatMap((outcome) => outcome.waitsMs),
    0.99,
  );
}

test('[K73] a flooder at 100 times a light app’s rate raises its p99 wait to at most 1.2 times', () => {
  const calm = lightWaits(false);
  const flooded = lightWaits(true);
  expect(calm).toBeGreaterThan(0);
  expect(flooded / calm).toBeLessThanOrEqual(1.2);
  // The same trace breaks a plain queue, so the test can fail.
  expect(lightWaits(true, firstInFirstOut) / lightWaits(false, firstInFirstOut)).toBeGreaterThan(3);
});

/** A light app whose every twentieth answer is very long, beside apps that always wait. */
function waitsAfterLongAnswers(policy = productionPolicy()): number {
  const { next: random } = createSeededRandom(15);
  const apps: AppTrace[] = [
    {
      ratePerSecond: 0.01,
      inputTokens: between(50, 200),
      outputTokens: (draw) => (draw() < 0.05 ? 12_000 : 60),
    },
    ...Array.from({ length: 12 }, () => ({ outstanding: 6, ...steady })),
  ];
  const { apps: outcomes } = simulate({ apps, slots: 4, durationMs: 36_000_000, random, policy });
  return percentile(outcomes[0]?.waitsMs ?? [], 0.99);
}

test('[K74] after one long answer a light app does not wait out its debt', () => {
  const bounded = waitsAfterLongAnswers();
  const unbounded = waitsAfterLongAnswers(productionPolicy({ debtBound: Number.POSITIVE_INFINITY }));
  expect(bounded).toBeLessThan(unbounded / 20);
});

test('[K74] whoever comes and goes with long answers gains no more than the debt it may defer', () => {
  const { next: random } = createSeededRandom(16);
  const long: AppTrace = {
    ratePerSecond: 2,
    onOff: { onMs: 1_000, offMs: 4_000 },
    inputTokens: between(50, 100),
    outputTokens: between(3_000, 6_000),
  };
  const apps: AppTrace[] = [long, ...Array.from({ length: 4 }, () => ({ outstanding: 10, ...steady }))];
  const policy = productionPolicy({ deferBound: 40_000 });
  const { apps: outcomes } = simulate({ apps, slots: 6, durationMs: 3_600_000, random, policy });
  const [greedy, ...others] = outcomes.map((outcome) => outcome.served);
  const fair = others.reduce((sum, served) => sum + served, 0) / others.length;
  expect(greedy as number).toBeLessThan(fair * 1.01 + 40_000 + 4_000);
});

test('[K75] batch yields to interactive work, and keeps its floor', () => {
  const { next: random } = createSeededRandom(17);
  const apps: AppTrace[] = (['interactive', 'standard', 'batch'] as const).map((priority) => ({
    priority,
    outstanding: 20,
    ...steady,
  }));
  const { apps: outcomes } = simulate({ apps, slots: 8, durationMs: 900_000, random, policy: productionPolicy() });
  const total = outcomes.reduce((sum, outcome) => sum + outcome.served, 0);
  const ratios = outcomes.map((outcome) => outcome.served / total);
  expect(ratios[0]).toBeGreaterThan(0.6);
  expect(ratios[1]).toBeGreaterThan(0.28);
  expect(ratios[2]).toBeGreaterThan(0.05);
  expect(ratios[2]).toBeLessThan(0.07);
});

test('[K76] inside an app the user who had least goes first', () => {
  const { next: random } = createSeededRandom(18);
  const starts: string[] = [];
  const seen = new Map<string, number>();
  const apps: AppTrace[] = [
    { outstanding: 60, users: 1, ...steady },
    { outstanding: 10, ...steady },
  ];
  simulate({
    apps,
    slots: 2,
    durationMs: 60_000,
    random,
    policy: (start, clock, slots) => {
      const policy = productionPolicy()(start, clock, slots);
      let sent = 0;
      return {
        submit(job) {
          sent += 1;
          // Of the first app's calls every tenth comes from a user that asks little.
          const user = job.app === 0 ? (sent % 10 === 0 ? 'light' : 'heavy') : null;
          policy.submit({ ...job, user });
        },
        finish: (job) => policy.finish(job),
        get waiting() {
          return policy.waiting;
        },
      };
    },
    observe(event, job) {
      if (event !== 'start' || job.app !== 0 || !job.user) return;
      starts.push(job.user);
      seen.set(job.user, (seen.get(job.user) ?? 0) + 1);
    },
  });
  // Six light calls wait among sixty at first: they do not wait behind the fifty-four.
  expect(starts.slice(0, 14).filter((user) => user === 'light').length).toBeGreaterThanOrEqual(5);
});
