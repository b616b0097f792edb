import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import { ParseError, TaizhangError, type TaizhangErrorCode } from '@myriad/taizhang';
import { type QuantumAnswer, type QuantumVerb, quantumCommand, readQuantumOptions } from '@myriad/taizhang/node';
import { type Command, type CommandContext, type CommandOption, textOption } from '../command.ts';

const flags = {
  bitstring: { flags: '--bitstring <bits>', description: 'one of 0, 1 (x for both in a batch) a qubit, qubit 0 first' },
  precision: { flags: '--precision <bits>', description: '64 (complex64) or 128 (complex128)' },
  maxBytes: { flags: '--max-bytes <size>', description: 'memory that may be used, such as 4GiB' },
  search: { flags: '--search <seconds>', description: 'time to look for a better plan: 60, 500ms, 2m' },
  workers: { flags: '--workers <number>', description: 'worker threads; 0 runs in the main thread' },
  seed: { flags: '--seed <number>', description: 'equal seeds give equal answers' },
  shots: { flags: '--shots <number>', description: 'how often to measure (default 1024)' },
  pauli: { flags: '--pauli <sum>', description: 'what to measure: "ZZ - 0.5 X0"' },
  checkpoint: { flags: '--checkpoint <file>', description: 'keeps finished slices here and goes on from them' },
  top: { flags: '--top <number>', description: 'how many outcomes to print' },
  wrap: { flags: '--wrap <columns>', description: 'columns of gates in a row of the picture' },
  input: { flags: '--input <name=number>', description: 'value of an OpenQASM 3 input', repeatable: true },
  out: { flags: '--out <file>', description: 'writes the answer to this file' },
} satisfies Record<string, CommandOption>;

const contraction = [flags.bitstring, flags.precision, flags.maxBytes, flags.search, flags.workers, flags.seed];

function quantum(verb: QuantumVerb, summary: string, own: readonly CommandOption[], example: string): Command {
  return {
    name: `quantum ${verb}`,
    summary,
    arguments: [{ flags: '<file>', description: 'OpenQASM 2 or 3, or GRCS; told by content' }],
    options: [...own, flags.input, flags.out],
    example: `myriad quantum ${verb} ${example}`,
    run: (context, file) => runVerb(verb, context, file as string),
  };
}

/** Exit code of what Ctrl C ended, as shells count it: 128 + SIGINT. */
const interrupted = 130;

/** Reads, runs and prints. The work stops at Ctrl C; slices that are done stay in the checkpoint. */
async function runVerb(verb: QuantumVerb, context: CommandContext, file: string): Promise<number> {
  const { terminal, cwd } = context;
  const checkpoint = textOption(context, 'checkpoint');
  const path = resolve(cwd, file);
  const source = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new MyriadError('invalid_request', `${file} cannot be read: ${error.code ?? error.message}.`, {
      facts: { file },
    });
  });
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  const bar = terminal.progress(verb);
  try {
    const options = readQuantumOptions({
      ...context.options,
      ...(checkpoint === undefined ? {} : { checkpoint: resolve(cwd, checkpoint) }),
    });
    const answer = await quantumCommand(verb, source, options, {
      signal: stop.signal,
      // The bar tells the time left by itself.
      onProgress: (ratio, detail) => bar.update(ratio, detail.replace(/, \d+ s left$/, '')),
    });
    bar.end();
    await give(answer, context);
    return 0;
  } catch (error) {
    bar.end();
    const failure = asFailure(error, file, checkpoint);
    if (!(failure instanceof MyriadError) || failure.code !== 'aborted') throw failure;
    terminal.note(`myriad: ${failure.message}`);
    if (terminal.json)
      terminal.answer({ error: { code: failure.code, detail: failure.message, facts: failure.facts } }, () => '');
    return interrupted;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** To a file whole or not at all, or to standard output. */
async function give(answer: QuantumAnswer, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  const out = textOption(context, 'out');
  if (out === undefined) return terminal.answer(answer.data, () => answer.text);
  const path = resolve(cwd, out);
  const text = terminal.json ? JSON.stringify(answer.data, null, 2) : answer.text;
  await writeFile(`${path}.part`, `${text}\n`);
  await rename(`${path}.part`, path);
  terminal.note(`Wrote ${out}.`);
}

const codes: Readonly<Record<TaizhangErrorCode, ConstructorParameters<typeof MyriadError>[0]>> = {
  parse: 'invalid_request',
  unsupported_gate: 'invalid_request',
  budget_exceeded: 'invalid_request',
  invalid_argument: 'invalid_request',
  checkpoint_mismatch: 'conflict',
  aborted: 'aborted',
  worker_lost: 'internal',
};

function asFailure(error: unknown, file: string, checkpoint: string | undefined): unknown {
  if (!(error instanceof TaizhangError)) return error;
  const kept =
    error.code === 'aborted' && checkpoint !== undefined
      ? ` The finished slices are in ${checkpoint}: the same command goes on from there.`
      : '';
  // As compilers write it, so that editors can follow it: file:line:column: sentence.
  const message = error instanceof ParseError ? `${file}:${error.message}` : `${error.message}${kept}`;
  return new MyriadError(codes[error.code], message, { facts: { ...error.facts }, cause: error });
}

export const quantumCommands: readonly Command[] = [
  quantum('plan', 'Say what an amplitude would cost, before running it.', contraction, 'circuit.qasm --search 10'),
  quantum(
    'amplitude',
    'Compute one amplitude by sliced tensor contraction.',
    [...contraction, flags.checkpoint],
    'inst_6x6_40_0.txt --bitstring 000000000000000000000000000000000000',
  ),
  quantum(
    'batch',
    'Compute the amplitudes of all settings of the open qubits (x) at once.',
    [...contraction, flags.checkpoint],
    'circuit.qasm --bitstring 00xx',
  ),
  quantum(
    'state',
    'Run the whole state vector and print its likeliest basis states.',
    [flags.precision, flags.maxBytes, flags.workers, flags.top],
    'bell.qasm',
  ),
  quantum(
    'sample',
    'Measure the circuit many times.',
    [flags.shots, flags.seed, flags.precision, flags.maxBytes, flags.top],
    'bell.qasm --shots 1000 --seed 7',
  ),
  quantum(
    'expectation',
    'Compute the mean of a sum of Pauli products.',
    [flags.pauli, flags.precision, flags.maxBytes, flags.search, flags.workers, flags.seed],
    'bell.qasm --pauli "ZZ + XX"',
  ),
  quantum('draw', 'Draw the circuit as SVG.', [flags.wrap], 'bell.qasm --out bell.svg'),
];
