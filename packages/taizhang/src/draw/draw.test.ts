import { expect, test } from 'vitest';
import { BudgetExceededError } from '../errors.ts';
import { parseQasm } from '../qasm/parse-qasm.ts';
import { gridCircuit, mixedCircuit } from '../testing/random-circuits.ts';
import { draw } from './draw.ts';
import { layoutColumns } from './layout-columns.ts';

const circuit = parseQasm(`OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[2];
  h q[0]; cx q[0],q[2]; rz(pi/4) q[1]; swap q[0],q[1]; barrier q; measure q[0] -> c[1]; if(c==2) x q[2]; reset q[1];`);

/** Every tag is closed in order. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, slash, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (self) continue;
    if (!slash) open.push(name!);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

test('[D1] the drawing is well-formed, names every wire, and uses only page colours', () => {
  const svg = draw(circuit);
  expect(wellFormed(svg)).toBe(true);
  for (const label of ['q[0]', 'q[1]', 'q[2]', 'c / 2', 'π/4', 'c=2', '|0⟩']) expect(svg).toContain(label);
  expect(svg).not.toMatch(/#[0-9a-f]{3,6}|rgb\(/i);
  for (let seed = 1; seed < 5; seed++) expect(wellFormed(draw(mixedCircuit(6, 50, seed)))).toBe(true);
});

test('[D2] wrapping keeps the picture narrow and draws as many gates', () => {
  const wide = gridCircuit(3, 3, 30, 1);
  const width = (svg: string) => Number(/width="(\d+)"/.exec(svg)![1]);
  const dots = (svg: string) => svg.match(/<(circle|rect)/g)!.length;
  expect(width(draw(wide, { wrapColumns: 8 }))).toBeLessThan(width(draw(wide)) / 2);
  expect(dots(draw(wide, { wrapColumns: 8 }))).toBe(dots(draw(wide)));
});

test('[D3] no two operations of one column share a wire', () => {
  const used = new Set<string>();
  for (const { column, top, bottom } of layoutColumns(mixedCircuit(6, 80, 2)).placed)
    for (let wire = top; wire <= bottom; wire++) {
      expect(used.has(`${column}:${wire}`)).toBe(false);
      used.add(`${column}:${wire}`);
    }
});

test('[D4] names cannot break out of the markup, and drawings too large are refused', () => {
  const odd = draw({ ...circuit, qubitRegisters: [{ name: '<b>"&', start: 0, size: 3 }] });
  expect(odd).toContain('&lt;b&gt;&quot;&amp;[0]');
  expect(() => draw(circuit, { maxOperations: 3 })).toThrow(BudgetExceededError);
});
