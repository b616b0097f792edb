import { TaizhangError } from '../errors.ts';

/** Options of the commands after their words are read. */
export interface QuantumOptions {
  readonly bitstring?: string;
  readonly precision?: 64 | 128;
  readonly maxBytes?: number;
  readonly searchMs?: number;
  readonly workers?: number;
  readonly seed?: number;
  /** File that a run keeps its slices in; the plan goes beside it. */
  readonly checkpoint?: string;
  readonly shots?: number;
  /** Pauli sum of `expectation`. */
  readonly pauli?: string;
  /** Columns after which `draw` wraps. */
  readonly wrap?: number;
  /** Basis states that `state` lists. */
  readonly top?: number;
  /** Values of OpenQASM 3 inputs. */
  readonly inputs?: Readonly<Record<string, number>>;
}

const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const durations: Readonly<Record<string, number>> = { ms: 1, s: 1000, '': 1000, m: 60_000, h: 3_600_000 };

/** Bytes of `4GiB`, `512M`, `1e9`. Units are powers of 1024. */
export function readBytes(word: string): number {
  const [, number = '', unit = ''] = /^([\d.]+(?:e\d+)?)\s*([kmgt]?)i?b?$/i.exec(word.trim()) ?? [];
  const value = Number(number) * (units[unit.toLowerCase()] ?? Number.NaN);
  if (number === '' || !(value >= 1)) throw refuse('--max-bytes', word, 'a size such as 4GiB');
  return Math.floor(value);
}

/** Milliseconds of `60s`, `500ms`, `2m`; a bare number is in seconds. */
export function readDuration(word: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)\s*(ms|s|m|h|)$/i.exec(word.trim()) ?? [];
  const value = Number(number) * durations[unit.toLowerCase()]!;
  if (number === '' || !Number.isFinite(value)) throw refuse('--search', word, 'a time such as 60s');
  return value;
}

/**
 * Reads the words of a command line (`bitstring`, `precision`, `maxBytes`, `search`, `workers`, `seed`, `checkpoint`,
 * `shots`, `pauli`, `wrap`, `top`, `input` as `name=value`).
 *
 * @throws TaizhangError `invalid_argument` that names the flag.
 */
export function readQuantumOptions(words: Readonly<Record<string, unknown>>): QuantumOptions {
  const text = (name: string) => (words[name] === undefined ? undefined : String(words[name]));
  const whole = (name: string, least: number, most: number) => {
    const word = text(name);
    if (word === undefined) return {};
    const value = Number(word);
    if (!Number.isInteger(value) || value < least || value > most)
      throw refuse(`--${name}`, word, `a whole number from ${least} to ${most}`);
    return { [name]: value };
  };
  const precision = text('precision');
  if (precision !== undefined && precision !== '64' && precision !== '128')
    throw refuse('--precision', precision, '64 or 128');
  const copied = (name: string) => (text(name) === undefined ? {} : { [name]: text(name)! });
  const inputs = [words.input ?? []].flat().map((pair) => {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(String(pair)) ?? [];
    if (name === '' || !Number.isFinite(Number(value))) throw refuse('--input', String(pair), 'name=number');
    return [name, Number(value)] as const;
  });
  return {
    ...copied('bitstring'),
    ...copied('checkpoint'),
    ...copied('pauli'),
    ...(precision === undefined ? {} : { precision: Number(precision) as 64 | 128 }),
    ...(text('maxBytes') === undefined ? {} : { maxBytes: readBytes(text('maxBytes')!) }),
    ...(text('search') === undefined ? {} : { searchMs: readDuration(text('search')!) }),
    ...whole('workers', 0, 256),
    ...whole('seed', 0, 2 ** 32 - 1),
    ...whole('shots', 1, 10_000_000),
    ...whole('wrap', 1, 10_000),
    ...whole('top', 1, 100_000),
    ...(inputs.length > 0 ? { inputs: Object.fromEntries(inputs) } : {}),
  };
}

function refuse(flag: string, word: string, wanted: string): TaizhangError {
  return new TaizhangError('invalid_argument', `${flag} ${word}: expected ${wanted}.`, { flag });
}
