export { createPeriods, type Period, type PeriodAt } from './accounts/budget-period.ts';
export { createKernel, type KernelOptions } from './create-kernel.ts';
export { createGuard, type Guard, type GuardPolicy, strictest, type Tally } from './guard/create-guard.ts';
export { flagInstructions } from './guard/flag-instructions.ts';
export { guardEvents } from './guard/guard-events.ts';
export { estimateInput, estimateTokens, type InputEstimate } from './meter/estimate-tokens.ts';
export type { AbortPolicy, KernelLog } from './run/parts.ts';
