/** Exposures and KPI events into lift, verdicts, shares, decisions and the demand map. */
export type { Cockpit, CockpitParts } from './cockpit.ts';
export { createCockpit } from './create-cockpit.ts';
export { maskText } from './demand/mask-text.ts';
