/** Files that callers keep for batches, batches, and their lines. */

/** A file of a caller, or a result of a batch. Its bytes are a blob of its own, never shared with another file. */
export interface StoredFile {
  readonly id: string;
  readonly tenant: string;
  readonly ownerId: string;
  readonly name: string;
  readonly purpose: string;
  readonly sizeBytes: number;
  readonly blobHash: string;
  /** Bytes of the blob before the file's own: a head that makes the blob unlike any other. */
  readonly headBytes: number;
  readonly createdAt: number;
  /** null: kept until it is deleted. */
  readonly expiresAt: number | null;
}

export type BatchStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

export interface BatchError {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly param: string | null;
}

export interface BatchRecord {
  readonly id: string;
  readonly tenant: string;
  readonly ownerId: string;
  /** As whom the lines run: the key, or else the person, or else the node's operator. */
  readonly keyId: string | null;
  readonly personId: string | null;
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly completionWindow: string;
  readonly status: BatchStatus;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly errors: readonly BatchError[];
  readonly outputFileId: string | null;
  readonly errorFileId: string | null;
  /** Lines of the input; completed and failed ones are counted when the batch has ended, and from its lines before. */
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  /** What the batch pays of each model's price, fixed when it was made. */
  readonly priceRatio: number;
  /** Life of the result files; null: kept until they are deleted. */
  readonly outputLifeMs: number | null;
  readonly createdAt: number;
  readonly inProgressAt: number | null;
  readonly expiresAt: number;
  readonly finalizingAt: number | null;
  readonly completedAt: number | null;
  readonly failedAt: number | null;
  readonly expiredAt: number | null;
  readonly cancellingAt: number | null;
  readonly cancelledAt: number | null;
}

/** `done` and `failed` lines hold their line of the output or error file until the batch has ended. */
export type BatchLineStatus = 'pending' | 'done' | 'failed';

export interface BatchLine {
  readonly batchId: string;
  /** 0 for the first line of the input. */
  readonly ordinal: number;
  readonly customId: string;
  /** Where the line lies in the input file, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly status: BatchLineStatus;
  readonly result: string | null;
}
