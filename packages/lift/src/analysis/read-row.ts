import { LiftError } from '../lift-error.ts';
import type { AnalysisOptions } from './analysis-options.ts';
import type { KpiOption } from './parse-kpi-option.ts';

/** A usable row, or why it is not one. */
export type ReadRow =
  | {
      readonly unit: string | null;
      readonly variant: string;
      /** Components of each KPI. */
      readonly values: Float64Array[];
      readonly noHistory: boolean;
    }
  | { readonly kind: string; readonly reason: string };

const TRUE = new Set(['true', 'yes', 'y', 't']);
const FALSE = new Set(['false', 'no', 'n', 'f']);

function toNumber(text: string): number {
  const trimmed = text.trim();
  return trimmed === '' ? Number.NaN : Number(trimmed);
}

interface Field {
  readonly at: number;
  readonly column: string;
  readonly role: 'outcome' | 'covariate';
  readonly binary: boolean;
}

/**
 * A function from the fields of a row to numbers, with the columns looked up once.
 * @throws LiftError `invalid_option` for a column that the header does not have.
 */
export function createRowReader(options: Pick<AnalysisOptions, 'header' | 'unit' | 'variant' | 'kpis'>) {
  const header = options.header.map((name) => name.trim());
  const find = (column: string): number => {
    const at = header.indexOf(column.trim());
    if (at < 0) {
      throw new LiftError('invalid_option', `There is no column "${column}"; the file has ${header.join(', ')}.`, {
        column,
      });
    }
    return at;
  };
  const unitAt = options.unit === undefined ? -1 : find(options.unit);
  const variantAt = find(options.variant);
  const layouts = options.kpis.map((kpi) => fieldsOf(kpi, find));

  return (fields: readonly string[]): ReadRow => {
    if (fields.length !== header.length) {
      return { kind: 'wrong number of fields', reason: `${fields.length} fields instead of ${header.length}` };
    }
    const variant = (fields[variantAt] as string).trim();
    if (variant === '') return { kind: 'no variant', reason: `no variant in column "${options.variant}"` };
    const unit = unitAt < 0 ? null : (fields[unitAt] as string).trim();
    if (unit === '') return { kind: 'no unit', reason: `no unit in column "${options.unit}"` };
    let noHistory = false;
    const values: Float64Array[] = [];
    for (const layout of layouts) {
      const row = new Float64Array(layout.length);
      for (let i = 0; i < layout.length; i++) {
        const field = layout[i] as Field;
        if (field.at < 0) {
          row[i] = 1;
          continue;
        }
        const text = fields[field.at] as string;
        if (field.role === 'covariate' && text.trim() === '') {
          // no history: the covariate is 0
          noHistory = true;
          continue;
        }
        let value = toNumber(text);
        if (!Number.isFinite(value) && field.binary) {
          const word = text.trim().toLowerCase();
          value = TRUE.has(word) ? 1 : FALSE.has(word) ? 0 : Number.NaN;
        }
        if (!Number.isFinite(value)) {
          return {
            kind: `no number in "${field.column}"`,
            reason: `"${text}" in column "${field.column}" is not a number`,
          };
        }
        if (field.binary && value !== 0 && value !== 1) {
          return {
            kind: `neither 0 nor 1 in "${field.column}"`,
            reason: `${value} in column "${field.column}" is neither 0 nor 1`,
          };
        }
        row[i] = value;
      }
      values.push(row);
    }
    return { unit, variant, values, noHistory };
  };
}

/** Columns of a KPI's components in order; a ratio's covariate without a denominator counts 1 per unit. */
function fieldsOf(kpi: KpiOption, find: (column: string) => number): Field[] {
  const field = (column: string, role: Field['role'], binary = false): Field => ({
    at: find(column),
    column,
    role,
    binary,
  });
  const fields = [field(kpi.column, 'outcome', kpi.type === 'proportion')];
  if (kpi.denominator !== undefined) fields.push(field(kpi.denominator, 'outcome'));
  if (kpi.covariate !== undefined) {
    fields.push(field(kpi.covariate, 'covariate'));
    if (kpi.type === 'ratio') {
      fields.push(
        kpi.covariateDenominator === undefined
          ? { at: -1, column: '', role: 'covariate', binary: false }
          : field(kpi.covariateDenominator, 'covariate'),
      );
    }
  }
  return fields;
}
