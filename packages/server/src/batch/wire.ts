/** Files and batches in OpenAI's shapes. Source: OpenAI API reference, "Files" and "Batch". Times are Unix seconds. */
import type { BatchRecord, StoredFile } from '@myriad/contracts';
import type { Json } from '../http/checks.ts';

const seconds = (time: number | null): number | null => (time === null ? null : Math.floor(time / 1000));

export function encodeFile(file: StoredFile): Json {
  return {
    id: file.id,
    object: 'file',
    bytes: file.sizeBytes,
    created_at: seconds(file.createdAt),
    ...(file.expiresAt === null ? {} : { expires_at: seconds(file.expiresAt) }),
    filename: file.name,
    purpose: file.purpose,
    status: 'processed',
    status_details: null,
  };
}

export function encodeBatch(batch: BatchRecord): Json {
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    errors: batch.errors.length === 0 ? null : { object: 'list', data: batch.errors },
    input_file_id: batch.inputFileId,
    completion_window: batch.completionWindow,
    status: batch.status,
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    created_at: seconds(batch.createdAt),
    in_progress_at: seconds(batch.inProgressAt),
    expires_at: seconds(batch.expiresAt),
    finalizing_at: seconds(batch.finalizingAt),
    completed_at: seconds(batch.completedAt),
    failed_at: seconds(batch.failedAt),
    expired_at: seconds(batch.expiredAt),
    cancelling_at: seconds(batch.cancellingAt),
    cancelled_at: seconds(batch.cancelledAt),
    request_counts: { total: batch.total, completed: batch.completed, failed: batch.failed },
    metadata: batch.metadata,
    myriad: { price_ratio: batch.priceRatio },
  };
}

/** A line of the output file, or of the error file when the status is not 200. */
export function encodeAnswer(customId: string, requestId: string, status: number, body: unknown): string {
  const response = { status_code: status, request_id: requestId, body };
  return JSON.stringify({ id: requestId, custom_id: customId, response, error: null });
}

/** A line of the error file about a request that was never answered. */
export function encodeUnanswered(
  customId: string,
  requestId: string,
  error: { readonly code: string; readonly message: string },
): string {
  return JSON.stringify({ id: requestId, custom_id: customId, response: null, error });
}
