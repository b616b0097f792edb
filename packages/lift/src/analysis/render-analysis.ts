import type { Interval } from '../compare/effect.ts';
import type { FiellerSet } from '../compare/fieller.ts';
import type { AnalysisResult, KpiResult } from './create-analysis.ts';

const WIDTH = 31;

/** A number for a table: four significant digits, thousands kept whole. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : '?';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2).replace('-', '−');
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 4;
  return value.toFixed(digits).replace('-', '−');
}

const percent = (value: number) =>
  `${value >= 0 ? '+' : '−'}${Math.abs(100 * value).toFixed(Math.abs(value) < 0.1 ? 2 : 1)} %`;

function probability(p: number): string {
  return p < 1e-4 ? p.toExponential(1).replace('-', '−') : p.toFixed(4);
}

/**
 * A small picture of an interval on a line around 0: `├───●───┤`, with `│` at 0 and arrows where an end lies outside.
 *
 * @param reach The line runs from −reach to +reach.
 */
export function intervalPicture(estimate: number, [low, high]: Interval, reach: number, width: number = WIDTH): string {
  const place = (value: number) =>
    Math.round(((Math.min(Math.max(value, -reach), reach) / reach + 1) / 2) * (width - 1));
  const line = new Array<string>(width).fill(' ');
  const [from, to] = [place(low), place(high)];
  for (let i = from; i <= to; i++) line[i] = '─';
  const zero = (width - 1) / 2;
  line[zero] = zero > from && zero < to ? '┼' : '│';
  line[from] = low < -reach ? '◄' : '├';
  line[to] = high > reach ? '►' : '┤';
  line[place(estimate)] = '●';
  return line.join('');
}

/** A lift's set in words: an interval, or that it is not yet known. */
export function describeLiftSet(set: FiellerSet): string {
  return set.kind === 'interval' ? `[${percent(set.interval[0])}, ${percent(set.interval[1])}]` : 'not yet known';
}

function meaning(kpi: KpiResult): string {
  const c = kpi.comparison;
  if (!c) return '';
  if (c.interval[0] <= 0 && c.interval[1] >= 0) return 'no difference shown';
  return c.interval[0] > 0 === (kpi.direction === 'increase') ? 'better' : 'worse';
}

/** Columns that a text takes in a terminal: Chinese, Japanese and Korean letters take two. */
function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) {
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      letter,
    )
      ? 2
      : 1;
  }
  return width;
}

function pad(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, i) =>
    Math.max(...rows.map((row) => textWidth(row[i] as string))),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] as number) - textWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** The analysis as text for a terminal: sample health, a table per treatment arm, and the bad rows by name. */
export function renderAnalysis(result: AnalysisResult): string {
  const lines: string[] = [];
  const { rows } = result;
  lines.push(`${rows.read} rows read, ${rows.used} used, ${rows.bad} bad.`);
  const counted = Object.entries(result.units)
    .map(([name, n]) => `${name} ${n}`)
    .join(' · ');
  lines.push(`Units: ${counted}.`);
  const ratio = result.sampleRatio;
  const p = result.looks.kind === 'fixed' ? ratio.pValue : ratio.sequentialPValue;
  lines.push(
    ratio.mismatch
      ? `SAMPLE RATIO MISMATCH (p = ${probability(p)}): assignment is broken, do not trust what follows.`
      : `Sample ratio: no mismatch (p = ${probability(p)}).`,
  );
  lines.push(
    result.looks.kind === 'fixed'
      ? `Intervals are for one look at a size fixed before (Welch), level ${1 - result.alpha}.`
      : `Intervals hold however often one looks (N* = ${result.looks.tuning}), level ${1 - result.alpha}.`,
  );
  for (const arm of result.arms) {
    lines.push('', `${arm.variant} against ${result.control}`, ...armTable(arm.kpis, result.looks.kind === 'fixed'));
  }
  if (result.unitsWithoutHistory > 0)
    lines.push('', `${result.unitsWithoutHistory} units without history count with covariate 0.`);
  if (rows.bad > 0) {
    lines.push('', 'Bad rows:');
    for (const [reason, count] of Object.entries(result.badByReason)) lines.push(`  ${count} × ${reason}`);
    for (const row of result.badRows) lines.push(`  line ${row.line}: ${row.reason}`);
    if (rows.bad > result.badRows.length) lines.push(`  … and ${rows.bad - result.badRows.length} more.`);
  }
  return `${lines.join('\n')}\n`;
}

function armTable(kpis: readonly KpiResult[], fixed: boolean): string[] {
  const table: string[][] = [['KPI', 'control', 'treatment', 'difference', 'interval', '', 'p', 'lift', 'says']];
  const notes: string[] = [];
  for (const kpi of kpis) {
    const c = kpi.comparison;
    if (!c) {
      notes.push(`${kpi.kpi}: ${kpi.problem}`);
      continue;
    }
    const reach = Math.max(Math.abs(c.interval[0]), Math.abs(c.interval[1])) || 1;
    const lift = c.lift === null ? 'no control mean' : percent(c.lift);
    const set =
      fixed && c.liftInterval
        ? `[${percent(c.liftInterval[0])}, ${percent(c.liftInterval[1])}]`
        : describeLiftSet(c.liftSet);
    table.push([
      `${kpi.kpi} (${kpi.type})`,
      shortNumber(c.controlMean),
      shortNumber(c.treatmentMean),
      shortNumber(c.difference),
      `[${shortNumber(c.interval[0])}, ${shortNumber(c.interval[1])}]`,
      intervalPicture(c.difference, c.interval, reach),
      probability(c.pValue),
      c.liftSet.kind === 'interval' || fixed ? `${lift} ${set}` : set,
      meaning(kpi),
    ]);
    if (c.theta !== 0)
      notes.push(`${kpi.kpi}: covariate removed ${(100 * c.varianceReduction).toFixed(2)} % of the variance.`);
    if (kpi.uncapped) {
      const u = kpi.uncapped;
      notes.push(
        `${kpi.kpi} without its cap: ${shortNumber(u.difference)} [${shortNumber(u.interval[0])}, ${shortNumber(u.interval[1])}].`,
      );
    }
  }
  return [...pad(table), ...notes.map((note) => `  ${note}`)];
}

/** The result as JSON with full precision; infinities become null. */
export function analysisToJson(result: AnalysisResult): string {
  return JSON.stringify(result, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value), 2);
}
