/** A chart as rectangles, lines and words in a box: the same picture on the page, in HTML and in the PDF. */
import type { Slide } from '@myriad/contracts';
import { chartData, valueAxis } from './chart-data.ts';

export interface ChartShapes {
  readonly rects: readonly {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly series: number;
  }[];
  readonly lines: readonly { readonly points: readonly (readonly [number, number])[]; readonly series: number }[];
  /** Lines of the grid; the one of zero is strong. */
  readonly grid: readonly {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
    readonly strong: boolean;
  }[];
  readonly labels: readonly {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly anchor: 'start' | 'middle' | 'end';
  }[];
  readonly legend: readonly {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly series: number;
  }[];
  readonly size: number;
}

const format = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e8) return `${+(value / 1e8).toFixed(2)}e8`;
  return Number(value.toFixed(6)).toLocaleString('en-US');
};

export function chartShapes(rows: Slide['rows'], kind: Slide['chart'], width: number, height: number): ChartShapes {
  const { categories, series } = chartData(rows);
  const size = 16;
  const axis = valueAxis(series.flatMap(({ values }) => values));
  const top = series.length > 1 ? 44 : 14;
  const steps = Math.round((axis.high - axis.low) / axis.step);
  const ticks = Array.from({ length: steps + 1 }, (_, at) => axis.low + at * axis.step);
  const longest = Math.max(2, ...(kind === 'bar' ? categories : ticks.map(format)).map((text) => [...text].length));
  const left = Math.min(
    width * 0.3,
    18 + longest * size * (kind === 'bar' && /[\u2e80-\u9fff]/.test(categories.join('')) ? 1 : 0.62),
  );
  const plot = { x: left, y: top, w: width - left - 14, h: height - top - 34 };
  const share = (value: number) => (value - axis.low) / (axis.high - axis.low || 1);
  const slot = (kind === 'bar' ? plot.h : plot.w) / Math.max(1, categories.length);
  const along = (at: number) => (kind === 'bar' ? plot.y : plot.x) + slot * at;
  const across = (value: number) =>
    kind === 'bar' ? plot.x + share(value) * plot.w : plot.y + (1 - share(value)) * plot.h;
  const bar = (slot * 0.68) / Math.max(1, series.length);
  const rects =
    kind === 'line'
      ? []
      : series.flatMap(({ values }, index) =>
          values.map((value, at) => {
            const from = across(Math.max(0, axis.low));
            const to = across(value);
            const side = along(at) + slot * 0.16 + bar * index;
            const thick = bar * 0.92;
            return kind === 'bar'
              ? { x: Math.min(from, to), y: side, w: Math.abs(to - from), h: thick, series: index }
              : { x: side, y: Math.min(from, to), w: thick, h: Math.abs(to - from), series: index };
          }),
        );
  const lines =
    kind !== 'line'
      ? []
      : series.map(({ values }, index) => ({
          series: index,
          points: values.map((value, at) => [along(at) + slot / 2, across(value)] as const),
        }));
  const grid = ticks.map((tick) => {
    const at = across(tick);
    const strong = tick === 0;
    return kind === 'bar'
      ? { x1: at, y1: plot.y, x2: at, y2: plot.y + plot.h, strong }
      : { x1: plot.x, y1: at, x2: plot.x + plot.w, y2: at, strong };
  });
  const every = Math.max(1, Math.ceil((categories.length * size * 3) / (kind === 'bar' ? plot.h * 2.5 : plot.w)));
  const labels = [
    ...ticks.map((tick) =>
      kind === 'bar'
        ? { x: across(tick), y: plot.y + plot.h + 24, text: format(tick), anchor: 'middle' as const }
        : { x: plot.x - 10, y: across(tick) + size * 0.36, text: format(tick), anchor: 'end' as const },
    ),
    ...categories.flatMap((text, at): ChartShapes['labels'][number][] => {
      if (at % every !== 0) return [];
      return kind === 'bar'
        ? [{ x: plot.x - 10, y: along(at) + slot / 2 + size * 0.36, text, anchor: 'end' as const }]
        : [{ x: along(at) + slot / 2, y: plot.y + plot.h + 24, text, anchor: 'middle' as const }];
    }),
  ];
  let at = plot.x;
  const legend =
    series.length < 2
      ? []
      : series.map(({ name }, index) => {
          const entry = { x: at, y: 8, text: name, series: index };
          at += 44 + [...name].reduce((sum, letter) => sum + (/[\u2e80-\u9fff]/.test(letter) ? size : size * 0.58), 0);
          return entry;
        });
  return { rects, lines, grid, labels, legend, size };
}
