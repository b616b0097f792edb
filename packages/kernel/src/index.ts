export { createKernel, type KernelOptions } from './create-kernel.ts';
export { estimateInput, estimateTokens, type InputEstimate } from './meter/estimate-tokens.ts';
export type { AbortPolicy, KernelLog } from './run/parts.ts';
