export { type AmplitudeReport, amplitude, amplitudeReport } from './amplitude.ts';
export { type BatchReport, batch, batchReport } from './batch.ts';
export { type DrawOptions, draw } from './draw/draw.ts';
export {
  AbortedError,
  BudgetExceededError,
  ParseError,
  type SourcePosition,
  TaizhangError,
  type TaizhangErrorCode,
  UnsupportedGateError,
  WorkerLostError,
} from './errors.ts';
export { type Checkpoint, memoryCheckpoint } from './execute/checkpoint.ts';
export { type ExpectationOptions, type ExpectationResult, expectation, type PauliTerm } from './expectation.ts';
export { parseGrcs } from './grcs/parse-grcs.ts';
export {
  type Circuit,
  type Condition,
  circuitOf,
  type GateOperation,
  gateOperation,
  type Operation,
  type Register,
} from './ir/circuit.ts';
export { type GateDefinition, gateTable } from './ir/gate-table.ts';
export { type Random, seededRandom } from './ir/random.ts';
export { type OptimiseOptions, type OptimiseResult, optimiseAngles } from './optimise-angles.ts';
export { circuitFormat, parseCircuit } from './parse-circuit.ts';
export { parsePauliSum } from './parse-pauli-sum.ts';
export { type Plan, type PlanOptions, type PlanTarget, plan } from './plan.ts';
export { type ParseQasmOptions, parseQasm } from './qasm/parse-qasm.ts';
export { toQasm } from './qasm/to-qasm.ts';
export { type RunOptions, type RunProgress, type RunResult, run } from './run.ts';
export { type SampleOptions, type SampleResult, type SampleStatistics, sample } from './sample.ts';
export { describeState, type StateReport } from './state-vector/describe-state.ts';
export {
  amplitudeDamping,
  type Channel,
  depolarizing,
  type NoiseModel,
  phaseFlip,
} from './state-vector/noise.ts';
export type { State, StateOptions } from './state-vector/state.ts';
export { type StateVectorOptions, stateVector } from './state-vector/state-vector.ts';
export { isClifford } from './tableau/clifford.ts';
