import { LiftError } from '../lift-error.ts';

/** Metric types of the analyser. */
export type KpiType = 'mean' | 'proportion' | 'count' | 'ratio' | 'quantile';

/** One KPI of an analysis: a column and how to read it. */
export interface KpiOption {
  /** Shown in tables; the column's name unless given. */
  readonly name: string;
  readonly column: string;
  readonly type: KpiType;
  /** Column of a covariate from before the experiment (CUPED); for a ratio, of its numerator. */
  readonly covariate?: string;
  readonly covariateDenominator?: string;
  readonly denominator?: string;
  /** Cap on a unit's total, registered before the experiment. */
  readonly cap?: number;
  /** Overrides the analysis' level. */
  readonly alpha?: number;
  readonly direction: 'increase' | 'decrease';
  /** Quantile, for type quantile. */
  readonly q?: number;
  /** For a quantile with a unit column: whether a unit's rows are added up, or are observations clustered by unit. */
  readonly level: 'unit' | 'event';
}

const TYPES: readonly KpiType[] = ['mean', 'proportion', 'count', 'ratio', 'quantile'];
const KEYS = ['covariate', 'covariate_denominator', 'denominator', 'cap', 'alpha', 'direction', 'q', 'level', 'name'];

function refuse(text: string, why: string, facts: Record<string, unknown> = {}): never {
  throw new LiftError('invalid_option', `KPI option "${text}": ${why}`, { option: text, ...facts });
}

function numberIn(text: string, key: string, value: string, low: number, high: number): number {
  const number = Number(value);
  if (value.trim() === '' || !(number > low && number < high)) {
    refuse(text, `${key} must be a number between ${low} and ${high}, not "${value}".`, { key, value });
  }
  return number;
}

/**
 * Reads `COL:TYPE[:OPTIONS]`, options separated by commas: `revenue:mean:covariate=past,cap=500,direction=increase`.
 * The column may itself contain colons.
 *
 * @throws LiftError `invalid_option` naming what is wrong.
 */
export function parseKpiOption(text: string): KpiOption {
  const match = /^(.+?):(mean|proportion|count|ratio|quantile)(?::(.*))?$/s.exec(text);
  if (!match) refuse(text, `expected COLUMN:TYPE[:OPTIONS] with TYPE one of ${TYPES.join(', ')}.`);
  const [, column, type, rest = ''] = match as unknown as [string, string, KpiType, string | undefined];
  const given = new Map<string, string>();
  for (const part of rest.split(',').filter((piece) => piece !== '')) {
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    if (at < 0 || !KEYS.includes(key)) refuse(text, `"${part}" is not one of ${KEYS.join('=, ')}=.`, { part });
    if (given.has(key)) refuse(text, `${key} is given twice.`, { key });
    given.set(key, part.slice(at + 1));
  }
  const value = (key: string) => given.get(key);
  const direction = value('direction') ?? 'increase';
  if (direction !== 'increase' && direction !== 'decrease') refuse(text, 'direction is increase or decrease.');
  const level = value('level') ?? 'unit';
  if (level !== 'unit' && level !== 'event') refuse(text, 'level is unit or event.');
  if (type === 'ratio' && !value('denominator')) refuse(text, 'a ratio needs denominator=COLUMN.');
  if (type !== 'ratio' && value('denominator')) refuse(text, 'only a ratio has a denominator.');
  if (type !== 'quantile' && value('q')) refuse(text, 'only a quantile has q.');
  if (level === 'event' && type !== 'quantile') refuse(text, 'only a quantile has level=event.');
  if (level === 'event' && value('covariate')) refuse(text, 'a quantile of events has no covariate per unit.');
  if (type === 'proportion' && value('cap')) refuse(text, 'a proportion is never above 1; it has no cap.');
  return {
    name: value('name') ?? column,
    column,
    type,
    direction,
    level,
    ...(value('covariate') && { covariate: value('covariate') as string }),
    ...(value('covariate_denominator') && { covariateDenominator: value('covariate_denominator') as string }),
    ...(value('denominator') && { denominator: value('denominator') as string }),
    ...(given.has('cap') && {
      cap: numberIn(text, 'cap', value('cap') as string, -Number.MAX_VALUE, Number.MAX_VALUE),
    }),
    ...(given.has('alpha') && { alpha: numberIn(text, 'alpha', value('alpha') as string, 0, 1) }),
    ...(type === 'quantile' && { q: given.has('q') ? numberIn(text, 'q', value('q') as string, 0, 1) : 0.5 }),
  };
}
