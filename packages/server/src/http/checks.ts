/** Checks of a wire body by hand: each refusal names the parameter and what was expected. */
import { MyriadError } from '@myriad/contracts';

export type Json = Record<string, unknown>;

export function bad(param: string, message: string): MyriadError {
  return new MyriadError('invalid_request', param ? `${param}: ${message}` : message, {
    facts: { param: param || null },
  });
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value: unknown, at: string): Json {
  if (!isObject(value)) throw bad(at, 'Expected an object.');
  return value;
}

export function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw bad(at, 'Expected a list.');
  return value;
}

export function text(value: unknown, at: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw bad(at, 'Expected a text.');
  return value;
}

export function flag(value: unknown, at: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw bad(at, 'Expected true or false.');
  return value;
}

export function number(value: unknown, at: string, least: number, most: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw bad(at, `Expected a number from ${least} to ${most}.`);
  return value;
}

export function integer(value: unknown, at: string, least: number, most: number): number | undefined {
  const checked = number(value, at, least, most);
  if (checked !== undefined && !Number.isInteger(checked)) throw bad(at, 'Expected a whole number.');
  return checked;
}

export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
