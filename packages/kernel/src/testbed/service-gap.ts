/** Measures how far the service of two apps that both always wait drifts apart, against the bound that is promised. */
import type { FairQueueOptions } from '../scheduler/fair-queue.ts';
import { productionPolicy } from './policies.ts';
import { type AppTrace, between, heavyTail, type Job, simulate } from './simulate-pool.ts';
import { createSeededRandom } from './virtual-clock.ts';

export interface GapOutcome {
  /** Largest gap over bound of all pairs and intervals; the promise is at most 1. */
  readonly worstRatio: number;
  readonly starts: number;
}

interface Tally {
  readonly weight: number;
  /** Largest cost of one call, estimated or real. */
  largest: number;
  /** Cost of calls started so far, by weight. */
  served: number;
  /** What the estimates of calls in flight are off by, by weight. */
  inFlightError: number;
  worstError: number;
}

/**
 * One random run: 2 to 6 apps that always wait, with weights ½ to 4, answers of unknown and heavy-tailed length, and up to
 * three others that come and go; 1 to 16 slots.
 *
 * The bound, for every interval in which both wait: (D + 1)(c_f/w_f + c_g/w_g) and what the estimates in flight at both
 * ends of the interval are off by.
 */
export function measureServiceGap(seed: number, options: FairQueueOptions = {}): GapOutcome {
  const { next: random } = createSeededRandom(seed);
  const slots = 1 + Math.floor(random() * 16);
  const backlogged = 2 + Math.floor(random() * 5);
  const apps: AppTrace[] = [];
  for (let app = 0; app < backlogged; app += 1) {
    const heavy = random() < 0.5;
    apps.push({
      weight: 0.5 * 2 ** (random() * 3),
      outstanding: slots + 1 + Math.floor(random() * 20),
      inputTokens: between(10, 10 + random() * 2_000),
      outputTokens: heavy ? heavyTail(10, 4_000) : between(5, 5 + random() * 800),
      ...(random() < 0.3 ? { users: 5 } : {}),
    });
  }
  const others = Math.floor(random() * 4);
  for (let app = 0; app < others; app += 1)
    apps.push({
      ratePerSecond: 0.5 + random() * 20,
      onOff: { onMs: 500 + random() * 5_000, offMs: 500 + random() * 5_000 },
      burst: 1 + Math.floor(random() * 5),
      inputTokens: between(10, 500),
      outputTokens: heavyTail(10, 2_000),
    });

  const tallies: Tally[] = apps.map((app) => ({
    weight: app.weight ?? 1,
    largest: 0,
    served: 0,
    inFlightError: 0,
    worstError: 0,
  }));
  const pairs: { readonly left: number; readonly right: number; least: number; most: number }[] = [];
  for (let left = 0; left < backlogged; left += 1)
    for (let right = left + 1; right < backlogged; right += 1) pairs.push({ left, right, least: 0, most: 0 });

  let starts = 0;
  simulate({
    apps,
    slots,
    durationMs: 15_000,
    random,
    policy: productionPolicy(options),
    observe(event, job: Job) {
      const tally = tallies[job.app] as Tally;
      const error = Math.abs(job.cost - job.estimate) / tally.weight;
      if (event === 'finish') {
        tally.inFlightError -= error;
        return;
      }
      starts += 1;
      tally.served += job.cost / tally.weight;
      tally.largest = Math.max(tally.largest, job.cost, job.estimate);
      tally.inFlightError += error;
      tally.worstError = Math.max(tally.worstError, tally.inFlightError);
      for (const pair of pairs) {
        const gap = (tallies[pair.left] as Tally).served - (tallies[pair.right] as Tally).served;
        pair.least = Math.min(pair.least, gap);
        pair.most = Math.max(pair.most, gap);
      }
    },
  });
  let worstRatio = 0;
  for (const { left, right, least, most } of pairs) {
    const f = tallies[left] as Tally;
    const g = tallies[right] as Tally;
    const bound = (slots + 1) * (f.largest / f.weight + g.largest / g.weight) + 2 * (f.worstError + g.worstError);
    // Two apps of which neither was started yet have no gap and no bound.
    if (most > least) worstRatio = Math.max(worstRatio, (most - least) / bound);
  }
  return { worstRatio, starts };
}
