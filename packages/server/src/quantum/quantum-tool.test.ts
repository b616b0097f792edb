import { systemClock, systemRandom } from '@myriad/contracts';
import { afterAll, expect, test } from 'vitest';
import { createQuantumDesk } from './quantum-desk.ts';
import { quantumTool } from './quantum-tool.ts';

const desk = createQuantumDesk({ clock: systemClock, random: systemRandom });
const tool = quantumTool(desk);
const never = new AbortController().signal;
const bell = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0],q[1];';
afterAll(() => desk.close());

test('a model gets the counts of its circuit', async () => {
  const answer = JSON.parse(await tool.call({ source: bell, shots: 500, seed: 2 }, never));
  expect(answer.counts.map(({ key }: { key: string }) => key).sort()).toEqual(['00', '11']);
  expect(answer.counts[0].count + answer.counts[1].count).toBe(500);
});

test('a fault comes back with its line and column', async () => {
  await expect(tool.call({ source: `OPENQASM 2.0;\nqreg q[1];\nnope q[0];` }, never)).rejects.toThrow(
    /line 3, column 1: .*nope/,
  );
});

test('65 qubits are refused with the numbers', async () => {
  await expect(tool.call({ source: 'OPENQASM 2.0; qreg q[65];' }, never)).rejects.toThrow(/65.*64 qubits/);
});

test('shots past the limit never reach a thread', async () => {
  await expect(tool.call({ source: bell, shots: 1e9 }, never)).rejects.toThrow(/shots: expected a whole number/);
});

test('a third run at once is refused, and a stopped one makes room', async () => {
  const first = desk.start({ source: bell, what: 'measure' }, 'a');
  desk.start({ source: bell, what: 'measure' }, 'b');
  expect(() => desk.start({ source: bell, what: 'measure' }, 'c')).toThrow(/2 circuits run here already/);
  expect(() => desk.find(first.id, 'b')).toThrow(/no such run/);
  expect(desk.cancel(first.id, 'a').status).toBe('cancelled');
  expect(desk.start({ source: bell, what: 'measure' }, 'c').status).toBe('running');
});
