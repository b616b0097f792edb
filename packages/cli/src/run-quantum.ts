/** One quantum command: reads, runs, prints. In a file of its own, so that other commands need not load the simulator. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import { ParseError, TaizhangError, type TaizhangErrorCode } from '@myriad/taizhang';
import { type QuantumAnswer, type QuantumVerb, quantumCommand, readQuantumOptions } from '@myriad/taizhang/node';
import { type CommandContext, textOption } from './command.ts';

/** Exit code of what Ctrl C ended, as shells count it: 128 + SIGINT. */
const interrupted = 130;

/** Reads, runs and prints. The work stops at Ctrl C; slices that are done stay in the checkpoint. */
export async function runQuantum(verb: QuantumVerb, context: CommandContext, file: string): Promise<number> {
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
