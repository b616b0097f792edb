/** A command as data. */
import type { Environment } from '@myriad/server/config';
import type { NodeClient } from './node-client.ts';
import type { Terminal } from './terminal.ts';

export interface CommandOption {
  /** As commander reads it: `--port <number>`. */
  readonly flags: string;
  readonly description: string;
  readonly repeatable?: boolean;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly cwd: string;
  /** Flags of the command, camel-cased; `data`, `url`, `key`, `config`, `json` are there for all. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A client of the node: the one that runs, or one started for this command alone. Closed after the command. */
  node(): Promise<NodeClient>;
}

export interface Command {
  /** `key create`: noun and verb. */
  readonly name: string;
  readonly summary: string;
  /** `<name>`, `[file]`, `<file...>`. */
  readonly arguments?: readonly { readonly flags: string; readonly description: string }[];
  readonly options?: readonly CommandOption[];
  readonly example: string;
  /** Exit code; nothing means 0. Failures are thrown. */
  run(context: CommandContext, ...values: readonly (string | undefined)[]): Promise<number | undefined>;
}

/** Text of an option, or undefined. */
export function textOption(context: CommandContext, name: string): string | undefined {
  const value = context.options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOption(context: CommandContext, name: string): readonly string[] {
  const value = context.options[name];
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean)
    : [];
}
