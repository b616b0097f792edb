import type { AppRecord, Assignment } from '@myriad/contracts';

/** What OFREP answers of one flag. */
export interface FlagAnswer {
  readonly key: string;
  readonly value: boolean | string;
  readonly reason: 'SPLIT' | 'STATIC' | 'TARGETING_MATCH' | 'DISABLED';
  readonly variant: string;
  readonly metadata: Readonly<Record<string, string | boolean>>;
}

/** Ending of the flag whose value is the variant's name; the flag without it says whether the unit gets the app. */
export const variantSuffix = '.variant';

const reasons = {
  experiment: 'SPLIT',
  global_holdout: 'SPLIT',
  override: 'TARGETING_MATCH',
  no_experiment: 'STATIC',
  no_unit: 'STATIC',
  not_covered: 'STATIC',
} as const;

/**
 * An app as a flag: `<app>` is true when the unit is to be served by the app, `<app>.variant` is the name of its variant.
 * A stopped app serves nobody, whatever was drawn.
 */
export function evaluateFlag(app: AppRecord, key: string, assignment: Assignment): FlagAnswer {
  const stopped = app.status !== 'published';
  const { variant, experiment, reason } = assignment;
  return {
    key,
    value: key.endsWith(variantSuffix) ? variant : !stopped && variant !== 'holdout',
    reason: stopped ? 'DISABLED' : reasons[reason],
    variant,
    metadata: {
      app: app.name,
      assignmentReason: reason,
      ...(experiment === null ? {} : { experiment }),
      ...(app.currentVersion === null ? {} : { version: app.currentVersion }),
    },
  };
}
