/** The `myriad` command: reads the command line, runs one command, turns its failure into words and an exit code. */
import { asMyriadError, type FailureKind, type MyriadError } from '@myriad/contracts';
import { readEnvironment } from '@myriad/server/config';
import { Command as Program } from 'commander';
import type { Command, CommandContext } from './command.ts';
import { commands } from './commands/index.ts';
import { connectNode, type NodeClient } from './node-client.ts';
import { createTerminal } from './terminal.ts';

/** 0 done · 1 failed here · 2 wrong use or input · 3 refused by a policy · 4 another server failed · 5 checked, and not good. */
export const exitCodes: Readonly<Record<FailureKind, number>> = { fault: 1, caller: 2, policy: 3, upstream: 4 };

const nouns: Readonly<Record<string, string>> = {
  config: 'The configuration of a node',
  key: 'API keys',
  app: 'Apps: validate, publish, run',
  model: 'Base models: attach and test',
  knowledge: 'Documents that apps may quote',
  run: 'Runs and what they cost',
  kpi: 'Events of the business',
  'kpi source': 'Databases that KPI events are read from by SQL',
  lift: 'What apps earned: analyse and verify',
  quantum: 'Quantum circuits',
};

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = report(asMyriadError(error), argv.includes('--json'));
  }
}

export function buildProgram(): Program {
  const program = new Program('myriad')
    .description('Myriad: few base models, many apps, every run metered and judged by what it earned.')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const groups = new Map<string, Program>();
  for (const command of commands) {
    const words = command.name.split(' ');
    let group = program;
    for (let depth = 1; depth < words.length; depth += 1) {
      const name = words.slice(0, depth).join(' ');
      const known = groups.get(name);
      const made = known ?? group.command(words[depth - 1] as string).description(nouns[name] ?? name);
      groups.set(name, made);
      group = made;
    }
    addCommand(group.command(words.at(-1) as string), command);
  }
  return program;
}

function addCommand(target: Program, command: Command): void {
  target.description(command.summary).addHelpText('after', `\nExample:\n  ${command.example}`);
  for (const argument of command.arguments ?? []) target.argument(argument.flags, argument.description);
  for (const option of command.options ?? []) {
    if (option.repeatable)
      target.option(option.flags, option.description, (value: string, before: string[] = []) => [...before, value]);
    else target.option(option.flags, option.description);
  }
  target
    .option('--json', 'print one JSON value')
    .option('--data <folder>', 'data folder of the node (default ./myriad-data)')
    .option('--url <address>', 'address of a node elsewhere')
    .option('--key <key>', 'API key for that node')
    .option('--config <file>', 'configuration file (default ./myriad.yaml)');
  target.action(async (...values: unknown[]) => {
    const options = values.at(-2) as Record<string, unknown>;
    const given = values.slice(0, -2).flat() as (string | undefined)[];
    await runCommand(command, options, given);
  });
}

async function runCommand(
  command: Command,
  options: Record<string, unknown>,
  values: readonly (string | undefined)[],
): Promise<void> {
  const environment = readEnvironment();
  const cwd = process.cwd();
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] as string } : {});
  let node: Promise<NodeClient> | null = null;
  const context: CommandContext = {
    terminal: createTerminal({ out: process.stdout, err: process.stderr }, options.json === true),
    environment,
    cwd,
    options,
    node: () => {
      node ??= connectNode({ environment, cwd, ...text('url'), ...text('key'), ...text('data'), ...text('config') });
      return node;
    },
  };
  try {
    process.exitCode = (await command.run(context, ...values)) ?? 0;
  } finally {
    await (node as Promise<NodeClient> | null)?.then((client) => client.close());
  }
}

/** Prints a failure as a sentence, or as a problem with `--json`; returns the exit code. */
function report(error: MyriadError, json: boolean): number {
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code: error.code, detail: error.message, facts: error.facts } }, null, 2)}\n`,
    );
  process.stderr.write(`myriad: ${error.message}\n`);
  if (error.code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
  return exitCodes[error.class.kind];
}
