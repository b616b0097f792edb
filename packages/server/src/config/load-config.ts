/**
 * Reads the one configuration: default → `myriad.yaml` → `MYRIAD_*` → flag. The result is frozen; every value knows
 * where it came from.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, type ConfigEntry, type ConfigSource, configSchema, MyriadError } from '@myriad/contracts';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../read-environment.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly entries: readonly ConfigEntry[];
  /** Absolute path of the file that was read, or null. */
  readonly file: string | null;
}

export interface LoadConfigOptions {
  readonly environment: Environment;
  readonly cwd: string;
  /** Dotted path → value, as given on the command line. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** `--config FILE`; without it `myriad.yaml` in `cwd` is read when it is there. */
  readonly file?: string;
}

type Values = Record<string, unknown>;

/** @throws MyriadError `config_invalid` naming the source, the path and what was expected. */
export function loadConfig(options: LoadConfigOptions): LoadedConfig {
  const { values: fromFile, file } = readConfigFile(options);
  const layers: readonly [ConfigSource, Values][] = [
    ['file', fromFile],
    ['environment', readEnvironmentLayer(options.environment)],
    ['flag', expand(options.flags ?? {})],
  ];
  const sources = new Map<string, ConfigSource>();
  let merged: Values = {};
  for (const [source, values] of layers) {
    merged = merge(merged, values);
    for (const path of leafPaths(values)) sources.set(path, source);
  }
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) throw configError(parsed.error, sources, file);
  const config = deepFreeze(parsed.data);
  return { config, entries: describeEntries(config, sources), file };
}

function readConfigFile(options: LoadConfigOptions): { values: Values; file: string | null } {
  const file = resolve(options.cwd, options.file ?? options.environment.MYRIAD_CONFIG ?? 'myriad.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const wanted = options.file ?? options.environment.MYRIAD_CONFIG;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !wanted) return { values: {}, file: null };
    throw new MyriadError(
      'config_invalid',
      `The configuration file ${file} cannot be read: ${(error as Error).message}.`,
    );
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0]);
    throw new MyriadError('config_invalid', `${file}, line ${line}, column ${col}: ${fault.message}.`, {
      facts: { file, line, column: col },
    });
  }
  if (document.contents === null) return { values: {}, file };
  if (!isMap(document.contents)) {
    throw new MyriadError('config_invalid', `${file}: expected settings by name, such as \`port: 8420\`.`, {
      facts: { file },
    });
  }
  return { values: document.toJS({ maxAliasCount: 20 }) as Values, file };
}

/** `MYRIAD_PORT=9000` → `port`; `MYRIAD_LIMITS_QUEUE_PER_APP` → `limits.queuePerApp`; lists and maps as JSON. */
function readEnvironmentLayer(environment: Environment): Values {
  const flat: Values = {};
  for (const [path, schema] of schemaLeaves(configSchema)) {
    const name = `MYRIAD_${path
      .replaceAll('.', '_')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toUpperCase()}`;
    const text = environment[name];
    if (text === undefined || text === '') continue;
    flat[path] = readText(name, text, schema);
  }
  return expand(flat);
}

function readText(name: string, text: string, schema: z.ZodType): unknown {
  const kind = (z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as { type?: string }).type;
  if (kind === 'integer' || kind === 'number') {
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value))
      throw new MyriadError('config_invalid', `${name}: expected a number, got "${text}".`);
    return value;
  }
  if (kind === 'boolean') {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw new MyriadError('config_invalid', `${name}: expected true or false, got "${text}".`);
  }
  if (kind === 'array' || kind === 'object') {
    try {
      return JSON.parse(text);
    } catch {
      throw new MyriadError('config_invalid', `${name}: expected JSON of type ${kind}.`);
    }
  }
  return text;
}

/** Dotted paths of all settings that are not groups. */
export function* schemaLeaves(schema: z.ZodObject, prefix = ''): Generator<[string, z.ZodType]> {
  for (const [key, value] of Object.entries(schema.shape) as [string, z.ZodType][]) {
    const inner = unwrap(value);
    if (inner instanceof z.ZodObject) yield* schemaLeaves(inner, `${prefix}${key}.`);
    else yield [`${prefix}${key}`, value];
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function expand(flat: Readonly<Values>): Values {
  const root: Values = {};
  for (const [path, value] of Object.entries(flat)) {
    if (value === undefined) continue;
    const keys = path.split('.');
    const last = keys.pop() as string;
    let place = root;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Values;
    }
    place[last] = value;
  }
  return root;
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(under: Values, over: Values): Values {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isGroup(below) && isGroup(value) ? merge(below, value) : value;
  }
  return result;
}

function leafPaths(values: Values, prefix = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isGroup(value) ? leafPaths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function describeEntries(config: Config, sources: ReadonlyMap<string, ConfigSource>): ConfigEntry[] {
  return [...schemaLeaves(configSchema)].map(([path, schema]) => {
    const value = path.split('.').reduce<unknown>((at, key) => (at as Values | undefined)?.[key], config);
    const source = sources.get(path) ?? [...sources].find(([key]) => key.startsWith(`${path}.`))?.[1] ?? 'default';
    return { path, value: hidePassword(value), source, description: schema.description ?? null };
  });
}

/** A database URL may carry a password; it is not shown. */
function hidePassword(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^(\w+:\/\/[^:/@]+):[^@]+@/, '$1:…@') : value;
}

function configError(error: z.ZodError, sources: ReadonlyMap<string, ConfigSource>, file: string | null): MyriadError {
  const issue = error.issues[0] as z.core.$ZodIssue;
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknownKey ? [unknownKey] : [])].join('.');
  const source = sources.get(path) ?? [...sources].find(([key]) => key.startsWith(path))?.[1] ?? 'file';
  const where = { default: 'default', file: file ?? 'file', environment: 'environment', flag: 'command line' }[source];
  const message = unknownKey ? `\`${path}\` is not a setting` : `\`${path}\`: ${issue.message}`;
  return new MyriadError('config_invalid', `${where}: ${message}. \`myriad config show\` lists every setting.`, {
    facts: { path, source },
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** JSON Schema of `myriad.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
}
