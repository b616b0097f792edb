import { estimateCupedQuantiles, linkCovariate, quantileSums } from '../metrics/cuped-quantile.ts';
import type { ArmPair } from '../metrics/estimate-arms.ts';
import { type ClusteredQuantileSums, estimateQuantile } from '../metrics/quantile.ts';
import { type AggregateShape, estimateAggregates, shapeComponents } from '../stream/estimate-moments.ts';
import { addUnit, createMoments, type Moments } from '../stream/moments.ts';
import { createGrowingList, type GrowingList } from './growing-list.ts';
import type { KpiOption } from './parse-kpi-option.ts';

/** Components of one row or unit: [y], [y, x], [m, d] or [m, d, m₀, d₀]. */
export type UnitValues = readonly number[];

/** Collects one KPI over the units of all arms and compares arms at the end. */
export interface KpiCollector {
  /** Adds a whole unit. */
  add(arm: number, values: UnitValues): void;
  /** Adds one observation of a unit (only for quantiles of events). */
  addEvent(arm: number, unit: string, value: number): void;
  /** The two arms as comparable estimates, capped as registered or as measured. */
  pair(control: number, treatment: number, which: 'capped' | 'uncapped'): ArmPair;
  unitsOf(arm: number): number;
}

/** How a KPI's unit is laid out. */
export const shapeOf = (kpi: KpiOption): AggregateShape => ({
  metric: kpi.type === 'quantile' ? 'mean' : kpi.type,
  covariate: kpi.covariate !== undefined,
});

/** A collector for the KPI's type. */
export function createCollector(kpi: KpiOption): KpiCollector {
  if (kpi.type !== 'quantile') return momentCollector(kpi);
  return kpi.level === 'event' ? eventQuantileCollector(kpi) : quantileCollector(kpi);
}

function momentCollector(kpi: KpiOption): KpiCollector {
  const shape = shapeOf(kpi);
  const k = shapeComponents(shape);
  const capped: Moments[] = [];
  const uncapped: Moments[] = [];
  const scratch = new Float64Array(k);
  const at = (list: Moments[], arm: number) => {
    list[arm] ??= createMoments(k);
    return list[arm] as Moments;
  };
  return {
    add(arm, values) {
      scratch.set(values);
      addUnit(at(uncapped, arm), scratch);
      if (kpi.cap === undefined) return;
      scratch[0] = Math.min(scratch[0] as number, kpi.cap);
      addUnit(at(capped, arm), scratch);
    },
    addEvent() {},
    pair(control, treatment, which) {
      const list = which === 'capped' && kpi.cap !== undefined ? capped : uncapped;
      return estimateAggregates(shape, at(list, control), at(list, treatment));
    },
    unitsOf: (arm) => at(uncapped, arm)[0] as number,
  };
}

function quantileCollector(kpi: KpiOption): KpiCollector {
  const arms: { y: GrowingList; x: GrowingList }[] = [];
  const at = (arm: number) => {
    arms[arm] ??= { y: createGrowingList(), x: createGrowingList() };
    return arms[arm] as { y: GrowingList; x: GrowingList };
  };
  const sums = (values: Float64Array) => quantileSums(values.slice().sort(), kpi.q as number);
  return {
    add(arm, values) {
      at(arm).y.push(values[0] as number);
      if (kpi.covariate !== undefined) at(arm).x.push(values[1] as number);
    },
    addEvent() {},
    pair(control, treatment, which) {
      const read = (arm: number) => {
        const values = at(arm).y.values();
        const cap = kpi.cap;
        return which === 'capped' && cap !== undefined ? values.map((value) => Math.min(value, cap)) : values;
      };
      const c = read(control);
      const t = read(treatment);
      if (kpi.covariate === undefined) {
        return { control: estimateQuantile(sums(c)), treatment: estimateQuantile(sums(t)), theta: 0 };
      }
      return estimateCupedQuantiles(
        linkCovariate(c, at(control).x.values(), sums(c)),
        linkCovariate(t, at(treatment).x.values(), sums(t)),
      );
    },
    unitsOf: (arm) => at(arm).y.length,
  };
}

function eventQuantileCollector(kpi: KpiOption): KpiCollector {
  const arms: Map<string, GrowingList>[] = [];
  const at = (arm: number) => {
    arms[arm] ??= new Map();
    return arms[arm] as Map<string, GrowingList>;
  };
  const estimate = (arm: number) => {
    const clusters = [...at(arm).values()].map((list) => list.values());
    const all = new Float64Array(clusters.reduce((sum, c) => sum + c.length, 0));
    let offset = 0;
    for (const cluster of clusters) {
      all.set(cluster, offset);
      offset += cluster.length;
    }
    const plain = quantileSums(all.sort(), kpi.q as number);
    const sums: Record<string, number> = { m: 0, mm: 0, d: 0, dd: 0, md: 0 };
    const grow = (key: string, by: number) => {
      sums[key] = (sums[key] as number) + by;
    };
    for (const cluster of clusters) {
      const below = cluster.reduce((count, value) => count + (value <= plain.quantile_hat ? 1 : 0), 0);
      grow('m', below);
      grow('mm', below * below);
      grow('d', cluster.length);
      grow('dd', cluster.length ** 2);
      grow('md', below * cluster.length);
    }
    return estimateQuantile({
      ...plain,
      type: 'quantile_clustered',
      main_sum: sums.m,
      main_sum_squares: sums.mm,
      denominator_sum: sums.d,
      denominator_sum_squares: sums.dd,
      main_denominator_sum_product: sums.md,
      n_clusters: clusters.length,
    } as ClusteredQuantileSums);
  };
  return {
    add() {},
    addEvent(arm, unit, value) {
      const list = at(arm).get(unit) ?? createGrowingList();
      if (list.length === 0) at(arm).set(unit, list);
      list.push(value);
    },
    pair: (control, treatment) => ({ control: estimate(control), treatment: estimate(treatment), theta: 0 }),
    unitsOf: (arm) => at(arm).size,
  };
}
