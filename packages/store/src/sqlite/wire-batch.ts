/**
 * Batches and their outcomes as they cross between threads. Copying a message costs by the object and by the character,
 * so a statement's text goes over once and is a number from then on, and what a batch changed is a list of numbers.
 */
import type { Batch, Cascade, Expectation, SqlValue, Statement, StepResult } from '../database/batch.ts';
import type { Outcome } from './apply-batch.ts';

/** Number of the text or the text itself, parameters, expectation. */
type WireStatement =
  | readonly [text: number | string, params: readonly SqlValue[]]
  | readonly [text: number | string, params: readonly SqlValue[], expect: Expectation];

export interface WireGroup {
  readonly kind: 'group';
  /** Texts that get the next numbers. */
  readonly texts: readonly string[];
  readonly batches: readonly (readonly (WireStatement | Cascade)[])[];
}

/** A batch that went well and gave no rows is the numbers of rows that each step changed. */
export type WireOutcome = readonly number[] | Outcome;

const mostTexts = 1_000;

/** The sender's side; one for each thread, as the numbers are theirs. */
export function packGroups(): (batches: readonly Batch[]) => WireGroup {
  const numbers = new Map<string, number>();
  return (batches) => {
    const texts: string[] = [];
    const numberOf = (sql: string): number | string => {
      const known = numbers.get(sql);
      if (known !== undefined) return known;
      if (numbers.size >= mostTexts) return sql;
      numbers.set(sql, numbers.size);
      texts.push(sql);
      return numbers.size - 1;
    };
    const packed = batches.map((batch) =>
      batch.map((step): WireStatement | Cascade => {
        if (step.kind === 'cascade') return step;
        const text = numberOf(step.sql);
        return step.expect ? [text, step.params, step.expect] : [text, step.params];
      }),
    );
    return { kind: 'group', texts, batches: packed };
  };
}

/** The receiver's side. */
export function unpackGroups(): (group: WireGroup) => readonly Batch[] {
  const known: string[] = [];
  return ({ texts, batches }) => {
    known.push(...texts);
    return batches.map((batch) =>
      batch.map((step): Statement | Cascade => {
        if (!isStatement(step)) return step;
        const [text, params, expect] = step;
        const sql = typeof text === 'number' ? (known[text] as string) : text;
        return expect ? { kind: 'statement', sql, params, expect } : { kind: 'statement', sql, params };
      }),
    );
  };
}

function isStatement(step: WireStatement | Cascade): step is WireStatement {
  return Array.isArray(step);
}

export function packOutcome(outcome: Outcome): WireOutcome {
  if (!outcome.ok) return outcome;
  const isPlain = outcome.results.every(({ rows, skipped }) => rows.length === 0 && skipped.length === 0);
  return isPlain ? outcome.results.map(({ changes }) => changes) : outcome;
}

const nothing: readonly never[] = [];

export function unpackOutcome(outcome: WireOutcome): Outcome {
  if (!isPlainOutcome(outcome)) return outcome;
  return {
    ok: true,
    results: outcome.map((changes): StepResult => ({ changes, rows: nothing, skipped: nothing })),
  };
}

function isPlainOutcome(outcome: WireOutcome): outcome is readonly number[] {
  return Array.isArray(outcome);
}
