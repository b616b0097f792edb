import { expect, test } from 'vitest';
import { circuitFault, circuitInAnswer } from './circuit-in-answer.ts';

const bell = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\ncx q[0], q[1];\n';

test('the last fenced circuit counts, and the words around it are kept', () => {
  const answer = `First \`\`\`qasm\nOPENQASM 2.0;\n\`\`\` no:\n\n\`\`\`OpenQASM\n${bell}\`\`\`\n\nIt entangles both.`;
  expect(circuitInAnswer(answer).source).toBe(bell);
  expect(circuitInAnswer(answer).text).toContain('It entangles both.');
  expect(circuitInAnswer(`\`\`\`\n${bell}\`\`\``)).toEqual({ source: bell, text: '' });
});

test('an answer that is nothing but a circuit counts; one cut off in its fence too; plain words do not', () => {
  expect(circuitInAnswer(`\n${bell}`).source).toBe(bell);
  expect(circuitInAnswer(`\`\`\`qasm\n${bell}`).source).toBe(bell);
  expect(circuitInAnswer('I cannot do that in OPENQASM.')).toEqual({
    source: null,
    text: 'I cannot do that in OPENQASM.',
  });
});

test('a fault has its place, and a circuit that expands without end is cut off', () => {
  expect(circuitFault(bell)).toBe(null);
  expect(circuitFault(bell.replace('cx', 'cnot'))).toMatchObject({ code: 'parse', line: 5, column: 1 });
  const endless = 'OPENQASM 3.0; include "stdgates.inc"; qubit q; for int i in [0:15000] { x q; }';
  expect(circuitFault(endless)?.message).toContain('20000 operations');
});
