/** What the threads of SQLite say to each other. */
import type { BackupManifest } from '../backup/backup-manifest.ts';
import type { SqlValue, Step, StepResult } from '../database/batch.ts';
import type { PlainFailure } from './sqlite-failure.ts';
import type { WireGroup, WireOutcome } from './wire-batch.ts';

export interface WriterOptions {
  readonly file: string;
  /** `read` opens the database read-only: for long reads and copies beside the writer. */
  readonly role: 'write' | 'read';
  /** Largest size of the database in bytes, or null for what the disk holds. */
  readonly maxBytes: number | null;
}

export type Request =
  | WireGroup
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'read'; readonly sql: string; readonly params: readonly SqlValue[] }
  | { readonly kind: 'copy'; readonly path: string }
  | { readonly kind: 'close' };

export type Answer =
  | { readonly kind: 'group'; readonly outcomes: readonly WireOutcome[] }
  | { readonly kind: 'step'; readonly result: StepResult }
  | { readonly kind: 'rows'; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly kind: 'proof'; readonly proof: Pick<BackupManifest, 'rows' | 'audit'> }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: PlainFailure };
