import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TaizhangError } from '../errors.ts';
import { toQasm } from '../qasm/to-qasm.ts';
import { gridCircuit } from '../testing/random-circuits.ts';
import { quantumCommand, quantumVerbs } from './quantum-command.ts';
import { readQuantumOptions } from './quantum-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'taizhang-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bell = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0],q[1];';

describe('the commands', () => {
  test('[C1] every verb answers a Bell pair, as data and as text', async () => {
    const options = { pauli: 'ZZ + XX', shots: 100, workers: 0 };
    const answers = new Map<string, Awaited<ReturnType<typeof quantumCommand>>>();
    for (const verb of quantumVerbs) answers.set(verb, await quantumCommand(verb, bell, options));
    expect(answers.get('amplitude')!.data).toMatchObject({ fidelity: 1, probability: expect.closeTo(0.5, 12) });
    expect(answers.get('plan')!.data).toMatchObject({ target: 'amplitude', qubitCount: 2, slices: 1 });
    expect(answers.get('plan')!.data).not.toHaveProperty('contraction');
    expect(answers.get('batch')!.data).toMatchObject({ amplitudes: { length: 4 } });
    expect(answers.get('expectation')!.data).toMatchObject({ value: expect.closeTo(2, 10) });
    expect(Object.keys((answers.get('sample')!.data as { counts: object }).counts).sort()).toEqual(['00', '11']);
    expect(answers.get('state')!.text).toContain('2 qubits');
    expect(answers.get('draw')!.text).toMatch(/^<svg/);
    for (const { data } of answers.values()) expect(() => JSON.stringify(data)).not.toThrow();
  });

  test('[C2] with a checkpoint the second run takes plan and slices from the first, and another request is refused', async () => {
    const source = toQasm(gridCircuit(4, 4, 20, 2));
    const options = { checkpoint: join(folder, 'run'), searchMs: 100, workers: 0, bitstring: '0'.repeat(16) };
    const first = await quantumCommand('amplitude', source, options);
    const plan = readFileSync(`${options.checkpoint}.plan.json`, 'utf8');
    const second = await quantumCommand('amplitude', source, options);
    expect(readFileSync(`${options.checkpoint}.plan.json`, 'utf8')).toBe(plan);
    expect(second.data).toMatchObject({ re: (first.data as { re: number }).re, im: (first.data as { im: number }).im });
    await expect(quantumCommand('amplitude', source, { ...options, bitstring: '1'.repeat(16) })).rejects.toMatchObject({
      code: 'checkpoint_mismatch',
    });
  });

  test('[C3] words become options, and wrong words name their flag', () => {
    expect(
      readQuantumOptions({
        maxBytes: '1.5GiB',
        search: '2m',
        workers: '2',
        seed: '7',
        precision: '128',
        input: ['a=1', 'b=-0.5'],
      }),
    ).toEqual({
      maxBytes: 1.5 * 2 ** 30,
      searchMs: 120_000,
      workers: 2,
      seed: 7,
      precision: 128,
      inputs: { a: 1, b: -0.5 },
    });
    for (const wrong of [
      { maxBytes: 'much' },
      { search: 'x' },
      { workers: '-1' },
      { precision: '32' },
      { input: ['a'] },
    ])
      expect(() => readQuantumOptions(wrong), JSON.stringify(wrong)).toThrow(TaizhangError);
  });
});
