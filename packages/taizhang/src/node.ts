export { openFileCheckpoint } from './execute/file-checkpoint.ts';
