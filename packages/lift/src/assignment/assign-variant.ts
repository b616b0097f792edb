import { type BucketRange, bucketRanges, chooseVariation, inRange, type Namespace } from './bucket-ranges.ts';
import { hashUnit } from './hash-unit.ts';

/** What decides a unit's variant; frozen while the experiment runs. */
export interface AssignmentRule {
  readonly seed: string;
  readonly variants: readonly string[];
  /** Part of the units that take part; 1 by default. */
  readonly coverage?: number;
  readonly weights?: readonly number[];
  readonly namespace?: Namespace;
  readonly hashVersion?: 1 | 2;
}

/** Position of a unit within a namespace: v1 hash of `unit__id`, as in the public SDKs. */
export function namespacePosition(unit: string, namespace: string): number {
  return hashUnit(`__${namespace}`, unit, 1);
}

/** Whether the unit lies in the experiment's slice of the namespace. */
export function inNamespace(unit: string, namespace: Namespace): boolean {
  return inRange(namespacePosition(unit, namespace.id), [namespace.from, namespace.to] satisfies BucketRange);
}

/**
 * Sticky, deterministic assignment: the same unit and rule give the same variant on every machine and in every SDK.
 *
 * @returns The variant's name, or null when the unit does not take part.
 */
export function assignVariant(rule: AssignmentRule, unit: string): string | null {
  if (unit === '') return null;
  if (rule.namespace && !inNamespace(unit, rule.namespace)) return null;
  const position = hashUnit(rule.seed, unit, rule.hashVersion ?? 2);
  const index = chooseVariation(position, bucketRanges(rule.variants.length, rule.coverage, rule.weights));
  return index < 0 ? null : (rule.variants[index] ?? null);
}
