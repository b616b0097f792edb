/** What the surfaces ask of whoever runs batches. */
import type { BatchRecord } from '@myriad/contracts';

export interface BatchDesk {
  /** Begins the work on a batch that the store holds. */
  begin(batch: BatchRecord): void;
  /** Ends a batch that the store calls cancelling: lines in flight come to their end, no other begins. */
  cancel(batchId: string): void;
  /** Goes on with what an earlier life left; returns how many batches. */
  resume(): Promise<number>;
  /** Begins no further line. */
  stop(): void;
  /** Waits for what is in flight. */
  close(): Promise<void>;
}
