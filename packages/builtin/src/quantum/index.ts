/** The Quantum Lab's engine room: pure, so that the page's worker and the node run the same code. */
export { type AnsweredCircuit, circuitFault, circuitInAnswer } from './circuit-in-answer.ts';
export { type CircuitInspection, type Inspected, inspectCircuit } from './inspect-circuit.ts';
export { type CircuitSurroundings, failureOf, runCircuit } from './run-circuit.ts';
