import { type ExperimentArm, MyriadError } from '@myriad/contracts';

/** Reads `none`, `model`, `current`, `version:3` or `base:NAME`. @throws MyriadError `invalid_request`. */
export function parseArm(text: string, field: string): ExperimentArm {
  if (text === 'none' || text === 'model' || text === 'current') return { serve: text };
  const version = /^version:([1-9]\d{0,8})$/.exec(text);
  if (version) return { serve: 'version', version: Number(version[1]) };
  const base = /^base:(.{1,200})$/.exec(text);
  if (base) return { serve: 'base', model: base[1] as string };
  throw new MyriadError('invalid_request', `${field}: expected none, model, current, version:N or base:NAME.`, {
    facts: { param: field, value: text.slice(0, 80) },
  });
}

/** The same arm as text. */
export function armText(arm: ExperimentArm): string {
  if (arm.serve === 'version') return `version:${arm.version}`;
  return arm.serve === 'base' ? `base:${arm.model}` : arm.serve;
}

/** Whether the arm is what the app changes at all: nothing, or the plain model. Only then is the app's worth measured. */
export const isWithoutApp = (arm: ExperimentArm): boolean => arm.serve === 'none' || arm.serve === 'model';
