/**
 * State vector: amplitude updates a second (gates × 2ⁿ / time) on a mix of H, CX and RX, beside `quantum-circuit` from npm,
 * installed for the run (16 qubits, all it can do in reasonable time), and beside a plain C++ loop compiled here where a compiler is present.
 * Usage: node bench/taizhang-state-vector.ts [qubits=24]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuitOf, type GateOperation, gateOperation, seededRandom, stateVector } from '@myriad/taizhang';
import { installPeer } from './support/install-peer.ts';
import { machine, publish } from './taizhang-machine.ts';

const qubits = Number(process.argv[2] ?? 24);

function mix(n: number, count: number): GateOperation[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, i) => {
    const q = Math.floor(random() * n);
    if (i % 3 === 0) return gateOperation('h', [q]);
    if (i % 3 === 1) return gateOperation('rx', [q], [random() * 6]);
    return gateOperation('cx', [q, (q + 1 + Math.floor(random() * (n - 1))) % n]);
  });
}

async function ours(n: number, gates: number, workers: number, precision: 64 | 128) {
  const circuit = circuitOf(n, mix(n, gates));
  let best = Number.POSITIVE_INFINITY;
  let bestCpu = Number.POSITIVE_INFINITY;
  let norm = 0;
  for (let i = 0; i < (n > 25 ? 1 : 3); i++) {
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const state = await stateVector(circuit, { workers, precision });
    best = Math.min(best, performance.now() - started);
    const cpu = process.cpuUsage(cpuBefore);
    bestCpu = Math.min(bestCpu, (cpu.user + cpu.system) / 1e6);
    norm = state.norm();
  }
  const seconds = best / 1000;
  return {
    qubits: n,
    gates,
    workers,
    precision,
    seconds,
    millionUpdatesPerSecond: (gates * 2 ** n) / seconds / 1e6,
    // On a machine shared with others the processor time is the steadier figure.
    millionUpdatesPerCpuSecond: (gates * 2 ** n) / bestCpu / 1e6,
    norm,
  };
}

interface QuantumCircuit {
  addGate(name: string, column: number, wires: number | number[], options?: unknown): void;
  run(): void;
}

const peerVersion = '0.9.250';

/** The same gates in the peer and in ours, behind a layer of H so that no amplitude is 0: the peer skips those that are. */
function peer(n: number, count: number) {
  const installed = installPeer('quantum-circuit', peerVersion);
  if (installed === null) return { skipped: `quantum-circuit ${peerVersion} could not be installed` };
  try {
    const Peer = installed.module as new (n: number) => QuantumCircuit;
    const layer = Array.from({ length: n }, (_, q) => gateOperation('h', [q]));
    const secondsOf = (gates: readonly GateOperation[]) => {
      const circuit = new Peer(n);
      for (const { gate, qubits: wires, parameters } of gates)
        circuit.addGate(gate, -1, wires.length === 1 ? wires[0]! : [...wires], { params: { theta: parameters[0] } });
      const started = performance.now();
      circuit.run();
      return (performance.now() - started) / 1000;
    };
    const layerSeconds = secondsOf(layer);
    const seconds = secondsOf([...layer, ...mix(n, count)]) - layerSeconds;
    return {
      version: peerVersion,
      qubits: n,
      gates: count,
      seconds,
      millionUpdatesPerSecond: (count * 2 ** n) / seconds / 1e6,
    };
  } finally {
    installed.remove();
  }
}

const cpp = `#include <chrono>
#include <ctime>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <vector>
using C = std::complex<float>;
int main(int, char** v) { int n = atoi(v[1]), g = atoi(v[2]); size_t N = size_t(1) << n; std::vector<C> a(N); a[0] = 1;
 auto t = std::chrono::steady_clock::now();
 for (int i = 0; i < g; i++) { size_t b = size_t(1) << ((i * 7) % n); 
  if (i % 3 == 2) { size_t d = size_t(1) << ((i * 7 + 3) % n); for (size_t j = 0; j < N; j++) if ((j & b) && !(j & d)) std::swap(a[j], a[j | d]); }
  else { float s = 0.70710678f; for (size_t h = 0; h < N; h += 2 * b) for (size_t j = h; j < h + b; j++) { C x = a[j], y = a[j + b];
    if (i % 3 == 0) { a[j] = s * (x + y); a[j + b] = s * (x - y); }
    else { a[j] = C(s * x.real() + s * y.imag(), s * x.imag() - s * y.real()); a[j + b] = C(s * y.real() + s * x.imag(), s * y.imag() - s * x.real()); } } } }
 double e = std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count(); printf("%g %g %g", e, double(clock()) / CLOCKS_PER_SEC, double(std::norm(a[0]))); }`;

function plainLoop(n: number, gates: number) {
  const folder = mkdtempSync(join(tmpdir(), 'taizhang-cpp-'));
  try {
    writeFileSync(join(folder, 'loop.cpp'), cpp);
    execFileSync('c++', ['-O3', '-march=native', '-ffast-math', '-o', join(folder, 'loop'), join(folder, 'loop.cpp')], {
      stdio: 'ignore',
    });
    let best = Number.POSITIVE_INFINITY;
    let bestCpu = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const [seconds, cpu] = String(execFileSync(join(folder, 'loop'), [String(n), String(gates)]))
        .split(' ')
        .map(Number);
      best = Math.min(best, seconds!);
      bestCpu = Math.min(bestCpu, cpu!);
    }
    const rate = (time: number) => (gates * 2 ** n) / time / 1e6;
    return {
      qubits: n,
      gates,
      seconds: best,
      millionUpdatesPerSecond: rate(best),
      millionUpdatesPerCpuSecond: rate(bestCpu),
    };
  } catch {
    return { skipped: 'no C++ compiler' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

publish('taizhang-state-vector', {
  machine: machine(),
  oneWorker: await ours(qubits, 120, 1, 64),
  twoWorkers: await ours(qubits, 120, 2, 64),
  complex128: await ours(qubits, 120, 1, 128),
  twentySixQubits: await ours(26, 120, 2, 64),
  twentyEightQubits: await ours(28, 60, 2, 64),
  quantumCircuitNpm: peer(16, 18),
  oursAtSixteen: await ours(16, 120, 1, 64),
  plainCpp: plainLoop(qubits, 120),
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  machineAfter: machine(),
});
