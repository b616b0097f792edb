const paperGates = 'u3 u2 u1 cx id x y z h s sdg t tdg rx ry rz cz cy ch ccx crz cu1 cu3'.split(' ');
const laterGates = 'u0 u p sx sxdg swap cswap crx cry cp csx cu rxx ryy rzz rccx rc3x c3x c3sqrtx c4x'.split(' ');

/** Gates of `qelib1.inc` as Qiskit ships it: those of the OpenQASM 2 paper (arXiv 1707.03429) and the later additions. */
export const qelib1Gates: ReadonlySet<string> = new Set([...paperGates, ...laterGates]);

/** Gates that not every `qelib1.inc` has, so that files written for an older one define them themselves. */
export const redefinableGates: ReadonlySet<string> = new Set(laterGates);

/** Gates of `stdgates.inc` (OpenQASM 3 specification, "Standard library"). */
export const stdgates: ReadonlySet<string> = new Set(
  'p x y z h s sdg t tdg sx rx ry rz cx cy cz cp crx cry crz ch swap ccx cswap cu CX phase cphase id u1 u2 u3'.split(
    ' ',
  ),
);

/** Gates of the includes that the engines have no matrix for: written out in gates that they have. */
export const composedGates: ReadonlyMap<string, string> = new Map([
  [
    'rc3x',
    'gate rc3x a,b,c,d { u2(0,pi) d; u1(pi/4) d; cx c,d; u1(-pi/4) d; u2(0,pi) d; cx a,d; u1(pi/4) d; cx b,d; ' +
      'u1(-pi/4) d; cx a,d; u1(pi/4) d; cx b,d; u1(-pi/4) d; u2(0,pi) d; u1(pi/4) d; cx c,d; u1(-pi/4) d; u2(0,pi) d; }',
  ],
]);

export const includes: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['qelib1.inc', qelib1Gates],
  ['stdgates.inc', stdgates],
]);
