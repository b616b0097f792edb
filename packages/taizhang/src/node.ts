export {
  type QuantumAnswer,
  type QuantumSurroundings,
  type QuantumVerb,
  quantumCommand,
  quantumVerbs,
} from './command/quantum-command.ts';
export { type QuantumOptions, readQuantumOptions } from './command/quantum-options.ts';
export { openFileCheckpoint } from './execute/file-checkpoint.ts';
