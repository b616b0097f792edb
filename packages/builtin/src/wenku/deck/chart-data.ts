import type { SlideRows } from '@myriad/contracts';

export interface ChartData {
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** Reads `12`, `1,234.5`, `¥3.2万`, `45%`, `(7)`; null where there is no number. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/[,，\s]/g, '');
  const match = /-?\d+(?:\.\d+)?/.exec(plain.replace(/^\((.*)\)$/, '-$1').replace('−', '-'));
  if (!match) return null;
  const scale = /万亿/.test(plain) ? 1e12 : /亿/.test(plain) ? 1e8 : /万/.test(plain) ? 1e4 : 1;
  return Number(match[0]) * scale;
}

/** Chart of a table: the first row names the series, the first column the categories; a cell without a number is 0. */
export function chartData(rows: SlideRows): ChartData {
  const [header = [], ...rest] = rows;
  return {
    categories: rest.map((row) => row[0] ?? ''),
    series: header
      .slice(1)
      .map((name, at) => ({ name, values: rest.map((row) => readNumber(row[at + 1] ?? '') ?? 0) })),
  };
}

/** Ends of a value axis that holds zero, and about five round steps between. */
export function valueAxis(values: readonly number[]): {
  readonly low: number;
  readonly high: number;
  readonly step: number;
} {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return { low: Math.floor(low / step) * step, high: Math.ceil(high / step) * step || step, step };
}
