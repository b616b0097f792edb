import type { Exposure, KpiEvent } from '@myriad/contracts';
import { hashUnit, normalSampler, seededRandom } from '@myriad/lift';
import { type SampleApp, sampleExperiment, sampleKpis } from './sample-company.ts';

export interface SampleDay {
  readonly exposures: readonly Omit<Exposure, 'appId' | 'version' | 'runId'>[];
  readonly events: readonly (KpiEvent & { readonly receivedAt: number })[];
}

const dayMs = 86_400_000;

/**
 * What the users of one sample app did, day by day: units come in evenly, are assigned by the public hash, and act within
 * five days. The same seed gives the same company.
 */
export function simulateSample(sample: SampleApp, options: { days: number; end: number; seed: number }): SampleDay[] {
  const { days, end } = options;
  const random = seededRandom(options.seed);
  const normal = normalSampler(random);
  const first = Math.floor(end / dayMs) * dayMs - days * dayMs;
  const byDay = Array.from({ length: days }, () => ({
    exposures: [] as SampleDay['exposures'][number][],
    events: [] as SampleDay['events'][number][],
  }));
  const type = sampleKpis('USD')[sample.kpi]?.type;
  const experiment = sampleExperiment(sample);
  const exposing = days - 6;
  for (let index = 0; index < sample.units; index += 1) {
    const unit = `${sample.name}-user-${index}`;
    const day = Math.floor((index * exposing) / sample.units);
    const time = first + day * dayMs + Math.floor(random() * dayMs * 0.9);
    const assigned = hashUnit(experiment, unit) < sample.holdoutRatio ? 'holdout' : 'treatment';
    const delivered = assigned === 'holdout' && random() < sample.leak ? 'treatment' : assigned;
    byDay[day]?.exposures.push({ experiment, unit, assigned, delivered, time });
    const treated = delivered === 'treatment';
    let number = 0;
    const act = (kpi: string, value: number) => {
      const at = time + 60_000 + Math.floor(random() * 4.9 * dayMs);
      number += 1;
      const place = Math.min(days - 1, Math.floor((at - first) / dayMs));
      const id = `sample-${unit}-${number}`;
      byDay[place]?.events.push({ id, kpi, unit, value, time: at, receivedAt: at + 30_000 });
    };
    const mean = sample.baseline + (treated ? sample.effect : 0);
    if (type === 'mean') act(sample.kpi, Math.max(0, mean + sample.spread * normal()));
    else if (type === 'proportion') {
      if (random() < mean) act(sample.kpi, 1);
    } else for (let orders = poisson(mean, random); orders > 0; orders -= 1) act(sample.kpi, 1);
    if (sample.guardrail)
      for (let left = poisson(0.2 + (treated ? sample.harm : 0), random); left > 0; left -= 1) act(sample.guardrail, 1);
  }
  for (const { exposures, events } of byDay) {
    exposures.sort((a, b) => a.time - b.time);
    events.sort((a, b) => a.receivedAt - b.receivedAt);
  }
  return byDay;
}

/** Knuth's product of uniforms; for small means. */
function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}
