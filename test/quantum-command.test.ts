/** `myriad quantum …` as a person types it; no node is needed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, runCommand } from './support/start-node.ts';

const bell = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\n';
/** GRCS: qubits first, then `cycle gate qubits`. */
const grcs = '2\n0 h 0\n0 h 1\n1 cz 0 1\n2 h 1\n';
const shared = ['../../shared/taizhang', '../shared/taizhang']
  .map((place) => join(import.meta.dirname, '..', place))
  .find((place) => existsSync(join(place, 'amplitudes.json')));
if (shared === undefined)
  console.warn('\n*** SKIPPED: no shared/taizhang, so no reference circuits are run here. ***\n');

let cwd: string;
const quantum = (...args: string[]) => runCommand(['quantum', ...args], { cwd });
async function json<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await quantum(...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as T;
}

beforeAll(() => {
  cwd = emptyFolder('quantum');
  writeFileSync(join(cwd, 'bell.qasm'), bell);
  writeFileSync(join(cwd, 'measured.qasm'), `${bell}measure q -> c;\n`);
  writeFileSync(join(cwd, 'pair.txt'), grcs);
  writeFileSync(join(cwd, 'wrong.qasm'), bell.replace('cx q[0]', 'cy7 q[0]'));
});

describe('on small circuits', () => {
  test('an amplitude is exactly the promised JSON', async () => {
    const answer = await json<Record<string, unknown>>('amplitude', 'bell.qasm', '--bitstring', '11');
    expect(Object.keys(answer)).toEqual(['re', 'im', 'probability', 'fidelity', 'plan', 'seconds', 'peakBytes']);
    expect(Object.keys(answer.plan as object)).toEqual(['log2Macs', 'log2Size', 'slices']);
    expect(answer.re).toBeCloseTo(Math.SQRT1_2, 12);
    expect(answer.probability).toBeCloseTo(0.5, 12);
    expect(answer.fidelity).toBe(1);
  });

  test('a GRCS file is told from OpenQASM by its content, whatever its name', async () => {
    writeFileSync(join(cwd, 'pair.qasm'), grcs);
    const [odd, even] = await Promise.all([
      json<{ probability: number }>('amplitude', 'pair.qasm', '--bitstring', '11'),
      json<{ probability: number }>('amplitude', 'pair.txt', '--bitstring', '01'),
    ]);
    expect(odd.probability).toBeCloseTo(0.5, 12);
    expect(even.probability).toBeCloseTo(0, 12);
  });

  test('a batch gives the amplitudes of both settings of an open qubit', async () => {
    const { amplitudes } = await json<{ amplitudes: { bitstring: string; re: number }[] }>(
      'batch',
      'bell.qasm',
      '--bitstring',
      '1x',
    );
    expect(amplitudes.map(({ bitstring, re }) => [bitstring, re.toFixed(5)])).toEqual([
      ['10', '0.00000'],
      ['11', Math.SQRT1_2.toFixed(5)],
    ]);
  });

  test('plan, state and expectation', async () => {
    const plan = await json<{ slices: number; log2Macs: number }>('plan', 'bell.qasm', '--search', '0.1');
    expect(plan.slices).toBe(1);
    const state = await json<{ norm: number; top: { bitstring: string }[] }>('state', 'bell.qasm');
    expect(state.norm).toBeCloseTo(1, 6);
    expect(state.top.map(({ bitstring }) => bitstring).sort()).toEqual(['00', '11']);
    const mean = await json<{ value: number }>('expectation', 'bell.qasm', '--pauli', 'ZZ - 0.5 X0 X1 + Z0');
    expect(mean.value).toBeCloseTo(0.5, 9);
  });

  test('equal seeds draw equal shots; another seed draws others; only 00 and 11 come out', async () => {
    const draw = (seed: string) =>
      json<{ counts: Record<string, number> }>('sample', 'measured.qasm', '--shots', '1000', '--seed', seed);
    const [one, again, other] = await Promise.all([draw('7'), draw('7'), draw('8')]);
    expect(one.counts).toEqual(again.counts);
    expect(one.counts).not.toEqual(other.counts);
    expect(Object.keys(one.counts).sort()).toEqual(['00', '11']);
    expect(one.counts['00']).toBeGreaterThan(400);
  });

  test('draw writes a whole SVG file', async () => {
    const { code, err } = await quantum('draw', 'bell.qasm', '--out', 'bell.svg');
    expect([code, err]).toEqual([0, 'Wrote bell.svg.\n']);
    expect(readFileSync(join(cwd, 'bell.svg'), 'utf8')).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  });

  test('people read the numbers without --json', async () => {
    const { out } = await quantum('amplitude', 'bell.qasm', '--bitstring', '00');
    expect(out).toMatch(/^0\.70710678\d* \+ 0i\nprobability 0\.5, fidelity 1\n/);
  });
});

describe('used wrongly', () => {
  test('a wrong gate is named with file, line, column and the nearest word, and exits 2', async () => {
    const { code, err } = await quantum('plan', 'wrong.qasm');
    expect(code).toBe(2);
    expect(err).toMatch(/^myriad: wrong\.qasm:6:1: .*cy7.*did you mean "cy"\?\n$/);
    const answer = JSON.parse((await quantum('plan', 'wrong.qasm', '--json')).out) as {
      error: { code: string; facts: { line: number; column: number } };
    };
    expect(answer.error).toMatchObject({ code: 'invalid_request', facts: { line: 6, column: 1 } });
  });

  test.each([
    [['amplitude', 'bell.qasm', '--bitstring', '0'], /each of 2 qubits; it has 1 characters/],
    [['amplitude', 'bell.qasm', '--precision', '65'], /--precision 65: expected 64 or 128/],
    [['state', 'bell.qasm', '--max-bytes', '1k'], /needs \d+ bytes, and the budget is 1024 bytes/],
    [['expectation', 'bell.qasm'], /--pauli/],
    [['sample', 'nowhere.qasm'], /nowhere\.qasm cannot be read: ENOENT/],
  ])('%j says what is wrong', async (args, said) => {
    const { code, err } = await quantum(...args);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });
});

/** A random circuit on a line of qubits, too large to finish at once in many slices of little memory. */
function deepCircuit(qubits: number, layers: number): string {
  const lines = ['OPENQASM 2.0;', 'include "qelib1.inc";', `qreg q[${qubits}];`];
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  for (let layer = 0; layer < layers; layer++) {
    for (let q = 0; q < qubits; q++) lines.push(`u3(${next() / 2 ** 31},${next() / 2 ** 31},0.3) q[${q}];`);
    for (let q = layer % 2; q + 1 < qubits; q += 2) lines.push(`cx q[${q}],q[${q + 1}];`);
  }
  return lines.join('\n');
}

test('Ctrl C ends a long run within seconds, keeps its checkpoint, and says how to go on', async () => {
  writeFileSync(join(cwd, 'deep.qasm'), deepCircuit(30, 36));
  const args = ['deep.qasm', '--max-bytes', '8M', '--workers', '2', '--search', '0.5', '--checkpoint', 'deep.kept'];
  const bin = join(import.meta.dirname, '../packages/cli/bin/myriad.js');
  const child = spawn(process.execPath, [bin, 'quantum', 'amplitude', ...args], { cwd, stdio: 'pipe' });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const kept = join(cwd, 'deep.kept');
  const deadline = Date.now() + 60_000;
  // A header alone is not a slice yet.
  while (!(existsSync(kept) && statSync(kept).size > 100) && Date.now() < deadline && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(child.exitCode).toBe(null);
  const asked = performance.now();
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(performance.now() - asked).toBeLessThan(3000);
  expect(err).toMatch(/Aborted with \d+ of \d+ chunks of slices done\. The finished slices are in deep\.kept/);
  expect(existsSync(join(cwd, 'deep.kept.plan.json'))).toBe(true);
  const other = await quantum('amplitude', 'bell.qasm', '--checkpoint', 'deep.kept');
  expect([other.code, other.err]).toEqual([2, expect.stringMatching(/belongs to another/)]);
}, 90_000);

test.skipIf(shared === undefined)(
  'a reference amplitude of a 16-qubit GRCS circuit',
  async () => {
    const { vectors } = JSON.parse(readFileSync(join(shared as string, 'amplitudes.json'), 'utf8')) as {
      vectors: { file: string; bitstring: string; re: number; im: number }[];
    };
    const wanted = vectors.find(({ file }) => file === 'inst_4x4_10_0.txt');
    if (!wanted) throw new Error('the shared vectors lack inst_4x4_10_0.txt');
    const file = join(shared as string, 'circuits', wanted.file);
    const got = await json<{ re: number; im: number }>('amplitude', file, '--bitstring', wanted.bitstring);
    const scale = Math.hypot(wanted.re, wanted.im);
    expect(Math.hypot(got.re - wanted.re, got.im - wanted.im) / scale).toBeLessThan(1e-5);
  },
  30_000,
);
