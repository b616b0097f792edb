import type { QuantumVerb } from '@myriad/taizhang/node';
import type { Command, CommandOption } from '../command.ts';

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
    run: async (context, file) => (await import('../run-quantum.ts')).runQuantum(verb, context, file as string),
  };
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
