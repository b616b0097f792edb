import { describe, expect, test } from 'vitest';
import { ParseError, UnsupportedGateError } from '../errors.ts';
import { type Circuit, type GateOperation, gateOperation } from '../ir/circuit.ts';
import { gateTable, operationMatrix } from '../ir/gate-table.ts';
import { unitarityError } from '../ir/matrix.ts';
import { seededRandom } from '../ir/random.ts';
import { parseCircuit } from '../parse-circuit.ts';
import { denseState, largestDifference } from '../testing/dense-reference.ts';
import { gridCircuit, mixedCircuit } from '../testing/random-circuits.ts';
import { parseQasm } from './parse-qasm.ts';
import { toQasm } from './to-qasm.ts';

const two = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const three = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const gatesOf = (circuit: Circuit) => circuit.operations.filter((op): op is GateOperation => op.kind === 'gate');
const failure = (text: string, options = {}): ParseError => {
  try {
    parseQasm(text, options);
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
};

describe('OpenQASM 2', () => {
  test('[Q2] a gate that only later editions of qelib1.inc have may be defined by the text, one of the paper may not', () => {
    const own = parseQasm(`${two}gate ryy(a) q,r { x q; rz(a) r; } qreg q[2]; ryy(1) q[0],q[1];`);
    expect(gatesOf(own).map(({ gate }) => gate)).toEqual(['x', 'rz']);
    expect(failure(`${two}gate h q { x q; }`).message).toBe('3:6: gate "h" is defined twice');
    expect(failure(`${two}gate ryy q,r { x q; } gate ryy q,r { x q; }`).column).toBe(28);
  });

  test('[Q1] registers broadcast, alone and beside a single qubit', () => {
    const circuit = parseQasm(`${two}qreg a[3]; qreg b[3]; creg c[3]; h a; cx a,b; cx a[0],b; measure b -> c;`);
    expect(gatesOf(circuit).map(({ qubits }) => qubits.join())).toEqual([
      '0',
      '1',
      '2',
      '0,3',
      '1,4',
      '2,5',
      '0,3',
      '0,4',
      '0,5',
    ]);
    expect(circuit.operations.filter(({ kind }) => kind === 'measure')).toHaveLength(3);
  });

  test('[Q2] gate definitions take parameters, call each other, and hold barriers', () => {
    const circuit = parseQasm(`${two}gate inner(a,b) q { U(a,b,-a/2) q; }
      gate outer(t) x,y { inner(t,sin(t)^2) x; barrier x,y; CX x,y; inner(-t,ln(exp(2))) y; }
      qreg q[2]; outer(pi/4) q[1],q[0];`);
    const gates = gatesOf(circuit);
    expect(gates.map(({ gate, qubits }) => `${gate} ${qubits}`)).toEqual(['U 1', 'CX 1,0', 'U 0']);
    expect(gates[0]!.parameters[1]).toBeCloseTo(0.5, 14);
    expect(gates[2]!.parameters).toEqual([-Math.PI / 4, 2, Math.PI / 8]);
  });

  test('[Q3] conditions, resets, opaque gates and barriers are kept', () => {
    const circuit = parseQasm(
      `${two}opaque magic(a) x,y; qreg q[2]; creg c[2]; reset q; if(c==2) x q[1]; magic(0.5) q[0],q[1]; barrier q;`,
    );
    expect(circuit.operations.map(({ kind }) => kind)).toEqual(['reset', 'reset', 'gate', 'gate', 'barrier']);
    expect(circuit.operations[2]).toMatchObject({ conditions: [{ bits: [0, 1], value: 2, equal: true }] });
    expect(() => operationMatrix(gatesOf(circuit)[1]!)).toThrow(UnsupportedGateError);
  });

  test('[Q4] expressions bind as they should', () => {
    const angle = (text: string) => gatesOf(parseQasm(`${two}qreg q[1]; rz(${text}) q[0];`))[0]!.parameters[0];
    expect(angle('-2^2')).toBe(-4);
    expect(angle('2^3^2')).toBe(512);
    expect(angle('1-2-3*4/2')).toBe(-7);
    expect(angle('sqrt(16)+cos(0)')).toBe(5);
    expect(angle('1e-3')).toBe(0.001);
  });

  test('[Q5] every matrix of the gate table is unitary, and rccx equals its definition', () => {
    for (const [name, { parameters, matrix }] of gateTable)
      expect(unitarityError(matrix(...Array.from({ length: parameters }, (_, i) => 0.3 + i))), name).toBeLessThan(
        1e-12,
      );
    const body = parseQasm(`${two}qreg q[3]; h q; t q[1]; rccx q[0],q[1],q[2];`);
    const spelled = parseQasm(`${two}qreg q[3]; h q; t q[1]; u2(0,pi) q[2]; u1(pi/4) q[2]; cx q[1],q[2]; u1(-pi/4) q[2];
      cx q[0],q[2]; u1(pi/4) q[2]; cx q[1],q[2]; u1(-pi/4) q[2]; u2(0,pi) q[2];`);
    expect(largestDifference(denseState(body), denseState(spelled))).toBeLessThan(1e-12);
  });
});

describe('OpenQASM 3', () => {
  test('[Q6] loops, constants, ranges, aliases and arithmetic', () => {
    const circuit = parseQasm(`${three}const int n = 4; qubit[n] q; bit[2] c;
      for int i in [0:n-2] { cx q[i], q[i+1]; if (i == 1) { z q[0]; } else { y q[0]; } }
      for uint j in {3, 1} x q[j];
      for int k in [3:-2:0] { h q[k]; }
      let pair = q[0:2:3]; s pair; t q[-1];
      c[0] = measure q[0]; c[1] = measure q[1];`);
    expect(
      gatesOf(circuit)
        .map(({ gate, qubits }) => `${gate}${qubits}`)
        .join(' '),
    ).toBe('cx0,1 y0 cx1,2 z0 cx2,3 y0 x3 x1 h3 h1 s0 s2 t3');
  });

  test('[Q7] modifiers: inv, pow, ctrl and negctrl mean what their matrices say', () => {
    const same = (a: string, b: string) => {
      const prepare = `${three}qubit[3] q; h q; t q[0]; ry(0.3) q[1]; rx(0.7) q[2]; `;
      expect(largestDifference(denseState(parseQasm(prepare + a)), denseState(parseQasm(prepare + b))), a).toBeLessThan(
        1e-12,
      );
    };
    same('inv @ s q[0];', 'sdg q[0];');
    same('pow(3) @ t q[0];', 't q[0]; s q[0];');
    same('pow(1/2) @ x q[0];', 'sx q[0];');
    same('pow(0.5) @ z q[0];', 's q[0];');
    same('pow(-2) @ sx q[1];', 'x q[1];');
    same('ctrl @ x q[0], q[1];', 'cx q[0], q[1];');
    same('ctrl(2) @ x q[0], q[1], q[2];', 'ccx q[0], q[1], q[2];');
    same('negctrl @ x q[0], q[1];', 'x q[0]; cx q[0], q[1]; x q[0];');
    same('ctrl @ negctrl @ y q[0], q[1], q[2];', 'x q[1]; ctrl(2) @ y q[0],q[1],q[2]; x q[1];');
    same('ctrl @ gphase(pi/4) q[1];', 't q[1];');
    same('pow(0.5) @ swap q[0], q[2]; pow(0.5) @ swap q[0], q[2];', 'swap q[0], q[2];');
    same('ctrl @ pow(0.5) @ x q[2], q[0]; ctrl @ pow(0.5) @ x q[2], q[0];', 'cx q[2], q[0];');
    same('gate g a, b { h a; cx a, b; t b; } inv @ g q[0], q[1]; g q[0], q[1];', '');
    same('gate g a, b { h a; cx a, b; } pow(2) @ g q[0], q[1];', 'h q[0]; cx q[0], q[1]; h q[0]; cx q[0], q[1];');
    same('gate g a, b { h a; cx a, b; } ctrl @ g q[2], q[0], q[1];', 'ch q[2], q[0]; ccx q[2], q[0], q[1];');
  });

  test('[Q8] inputs take their values from the options, and a missing one is named', () => {
    const text = `${three}input float theta; qubit q; rx(theta) q;`;
    expect(gatesOf(parseQasm(text, { inputs: { theta: 0.25 } }))[0]!.parameters).toEqual([0.25]);
    expect(failure(text).message).toContain('"theta"');
  });

  test('[Q9] if and else on bits become opposite conditions', () => {
    const circuit = parseQasm(
      `${three}qubit[2] q; bit[2] c; c = measure q; if (c[1]) { x q[0]; } else { z q[0]; } if (c == 3 && !c[0]) h q[1];`,
    );
    const conditions = gatesOf(circuit).map((gate) => gate.conditions);
    expect(conditions[0]).toEqual([{ bits: [1], value: 1, equal: true }]);
    expect(conditions[1]).toEqual([{ bits: [1], value: 1, equal: false }]);
    expect(conditions[2]).toEqual([
      { bits: [0, 1], value: 3, equal: true },
      { bits: [0], value: 1, equal: false },
    ]);
  });
});

describe('errors', () => {
  const cases: readonly (readonly [string, number, number, RegExp])[] = [
    [`${two}qreg q[2];\nhh q[0];`, 4, 1, /did you mean "h"/],
    [`${two}qreg q[2];\ncx q[0],r[1];`, 4, 9, /unknown qubit "r"/],
    [`${two}qreg q[2];\nh q[2];`, 4, 5, /outside.*0 to 1/],
    [`${two}qreg q[2];\ncx q[0],q[0];`, 4, 1, /twice/],
    [`${two}qreg q[2]\nh q[0];`, 4, 1, /expected ";"/],
    ['OPENQASM 2.0;\nqreg q[1]; h q[0];', 2, 12, /include missing/],
    [`${two}qreg q[2]; rz(pj) q[0];`, 3, 15, /did you mean "pi"/],
    [`${two}qreg q[2]; qrge r[2];`, 3, 12, /did you mean "qreg"/],
    ['OPENQASM 4.0;', 1, 10, /version 2\.0/],
    ['include "qelib2.inc";', 1, 9, /did you mean "qelib1\.inc"/],
    [`${three}def f() {}`, 3, 1, /not part of the supported/],
    [`${two}qreg q[1]; rz(1/0) q[0];`, 3, 15, /finite/],
    ['/* never closed', 1, 1, /never ends/],
  ];
  test.each(cases)('[Q10] %j is refused at its place', (text, line, column, message) => {
    const error = failure(text);
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.message).toMatch(message);
  });

  test('[Q11] explosions are cut off quickly: nested doubling gates, huge loops, huge powers and registers', () => {
    let doubling = `${two}gate g0 a { x a; x a; }\n`;
    for (let i = 1; i < 60; i++) doubling += `gate g${i} a { g${i - 1} a; g${i - 1} a; }\n`;
    const started = performance.now();
    expect(failure(`${doubling}qreg q[1]; g59 q[0];`).message).toMatch(/expands to more than/);
    expect(failure(`${three}qubit q; for int i in [0:1e12] { x q; }`).message).toMatch(/turns/);
    expect(failure(`${three}qubit q; for int i in [0:99999] { for int j in [0:99999] { x q; } }`).message).toMatch(
      /expands/,
    );
    expect(failure(`${three}gate g a { x a; h a; } qubit q; pow(1e9) @ g q;`).message).toMatch(/expands/);
    expect(failure('qreg q[4000000000];').message).toMatch(/size/);
    expect(failure(`${two}qreg q[1]; rz(${'('.repeat(5000)}1) q[0];`).message).toMatch(/nested deeper/);
    expect(failure(`${three}qubit q; ${'if (true) { '.repeat(500)}`).message).toMatch(/nested deeper/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('[Q12] 4,000 broken texts neither hang nor throw anything but ParseError', () => {
    const random = seededRandom(42);
    const seeds = [
      toQasm(mixedCircuit(4, 30, 1)),
      `${three}qubit[3] q; bit[3] c; const float a = pi/2; gate g(t) x { rx(t) x; } for int i in [0:2] { ctrl @ g(a*i) q[0], q[i]; } c = measure q; if (c == 1) { inv @ s q[2]; } else { reset q; }`.replace(
        'q[0], q[i]',
        'q[(i+1)%3], q[i]',
      ),
    ];
    const words =
      '; { } ( ) [ ] , : -> = == @ ctrl inv pow( gate qreg qubit bit if else for in let measure 0 1 99999999999 -1 1e999 pi q c "x" /* \n é'.split(
        ' ',
      );
    for (let i = 0; i < 4000; i++) {
      let text = seeds[i % seeds.length]!;
      for (let edit = 0; edit <= random() * 4; edit++) {
        const at = Math.floor(random() * text.length);
        const word = words[Math.floor(random() * words.length)]!;
        text =
          random() < 0.3
            ? text.slice(0, at) + text.slice(at + Math.floor(random() * 9))
            : text.slice(0, at) + word + text.slice(at);
      }
      try {
        parseCircuit(text, { maxOperations: 20_000 });
      } catch (error) {
        if (!(error instanceof ParseError)) throw new Error(`${String(error)} for ${JSON.stringify(text)}`);
        expect(error.line).toBeGreaterThan(0);
        expect(error.column).toBeGreaterThan(0);
      }
    }
  });
});

describe('writing', () => {
  test('[Q13] a circuit of any gates read back makes the same state, phases included', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const circuit = seed === 8 ? gridCircuit(2, 3, 20, 4) : mixedCircuit(5, 40, seed);
      expect(largestDifference(denseState(parseQasm(toQasm(circuit))), denseState(circuit))).toBeLessThan(1e-11);
    }
  });

  test('[Q14] OpenQASM 2 comes back as the equal circuit, registers, conditions and measurements included', () => {
    const circuit =
      parseQasm(`${two}qreg a[2]; qreg b[1]; creg c[2]; creg d[1]; u3(0.1,-0.2,pi/3) a[1]; cu1(0.3) a[0],b[0];
      measure a -> c; if(c==3) x b[0]; reset a[0]; barrier a[0],b[0]; measure b[0] -> d[0];`);
    const text = toQasm(circuit);
    expect(text).toMatch(/^OPENQASM 2/);
    expect(parseQasm(text)).toEqual(circuit);
  });

  test('[Q15] what OpenQASM 2 cannot say is written as OpenQASM 3 and read back', () => {
    const circuit = parseQasm(
      `${three}qubit[4] q; bit[2] c; ctrl(2) @ rx(0.4) q[0], q[1], q[2]; c[0] = measure q[0]; if (c[0]) { ctrl @ h q[1], q[3]; }`,
    );
    const text = toQasm(circuit);
    expect(text).toMatch(/^OPENQASM 3/);
    expect(parseQasm(text)).toEqual(circuit);
    expect(() =>
      toQasm({ ...circuit, operations: [{ ...gateOperation('unitary', [0]), matrix: [1, 0, 0, 0, 0, 0, 1, 0] }] }),
    ).toThrow(UnsupportedGateError);
  });
});

test('[Q9] bits are compared with a bit string, highest first; pragmas and annotations are passed over', () => {
  const circuit = parseQasm(
    `${three}#pragma fast yes\npragma old form\n@reversible\nqubit[2] q; bit[2] c;\nif (c == "01") x q;`,
  );
  expect(gatesOf(circuit)[0]?.conditions).toEqual([{ bits: [0, 1], value: 1, equal: true }]);
  expect(failure(`${three}qubit q; bit[2] c; if (c == "1") x q;`).message).toContain('2 bits compared with "1"');
  expect(failure(`${three}@note\nqubit q; nope q;`).line).toBe(4);
});

describe('GRCS', () => {
  const text = '3\n0 h 0\n0 h 2\n1 cz 0 1\n2 t 2\n3 x_1_2 1\n';
  test('[G3] both families of the set are read: `is` is the iSWAP of is_v1, and qsim writes parameters last', () => {
    const circuit = parseCircuit('2\n0 h 0\n1 is 0 1\n2 rz(0.5) 1\n3 rz 1 0.5\n4 cnot 1 0\n');
    expect(
      circuit.operations.map((o) => (o.kind === 'gate' ? [o.gate, ...o.qubits, ...o.parameters] : o.kind)),
    ).toEqual([
      ['h', 0],
      ['iswap', 0, 1],
      ['rz', 1, 0.5],
      ['rz', 1, 0.5],
      ['cx', 1, 0],
    ]);
    // iSWAP moves an excitation over and gives it the phase i (Cirq documentation, `cirq.ISWAP`).
    expect([...denseState(parseCircuit('2\n0 x 0\n1 is 0 1\n'))]).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
    expect(() => parseCircuit('2\n0 rz 1\n')).toThrow('2:3: gate "rz" takes 1 parameters');
    expect(() => parseCircuit('2\n0 h 1 0\n')).toThrow('2:7: gate "h" acts on 1 qubits, not 2');
  });

  test('[G1] is told from OpenQASM by its first line', () => {
    expect(parseCircuit(text).operations).toHaveLength(5);
    expect(parseCircuit(text).qubitCount).toBe(3);
  });
  test.each([
    ['3\n0 q 1', 2, 3],
    ['3\n0 cz 1 7', 2, 8],
    ['3\n0 cz 1', 2, 7],
    ['3\n\n0 t x', 3, 5],
    ['3\n0 cz 1 1', 2, 8],
    ['3\nh 1', 2, 1],
  ])('[G2] %j is refused at its place', (broken, line, column) => {
    expect(() => parseCircuit(broken)).toThrow(ParseError);
    try {
      parseCircuit(broken);
    } catch (error) {
      expect([(error as ParseError).line, (error as ParseError).column]).toEqual([line, column]);
    }
  });
});
