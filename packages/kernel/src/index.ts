export { createPeriods, type Period, type PeriodAt } from './accounts/budget-period.ts';
export { createKernel, type KernelOptions } from './create-kernel.ts';
export { estimateInput, estimateTokens, type InputEstimate } from './meter/estimate-tokens.ts';
export type { AbortPolicy, KernelLog } from './run/parts.ts';
