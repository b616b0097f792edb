import { MyriadError } from '@myriad/contracts';
import type { Pool, Slot, SlotRequest, WaitingCall } from '../scheduler/slot-scheduler.ts';
import type { Cancel } from './cancel.ts';
import type { Parts } from './parts.ts';

/**
 * A slot in the pool: at once when one is free, otherwise in fair order.
 *
 * @throws MyriadError `queue_full`, `deadline_exceeded`, `upstream_unavailable`, or the cancellation.
 */
export function acquireSlot(
  { scheduler, clock }: Pick<Parts, 'scheduler' | 'clock'>,
  pool: Pool,
  request: Omit<SlotRequest, 'onSlot'>,
  cancel: Cancel,
): Slot | Promise<Slot> {
  cancel.throwIfCancelled();
  let slot: Slot | null = null;
  let deliver: ((granted: Slot) => void) | null = null;
  const waiting: WaitingCall = scheduler.submit(pool, {
    ...request,
    onSlot: (granted) => {
      slot = granted;
      deliver?.(granted);
    },
  });
  if (slot) return slot;
  return new Promise((resolve, reject) => {
    const stopTimer = clock.after(Math.max(0, request.deadlineAt - clock.now()), () => {
      forget();
      scheduler.cancel(waiting);
      const retryAfterMs = Math.max(1_000, Math.ceil(pool.holdMs));
      reject(
        new MyriadError('deadline_exceeded', 'No slot came free before the deadline.', {
          facts: { appId: request.appId, waiting: pool.queue.waiting },
          retryAfterMs,
        }),
      );
    });
    const forget = cancel.onCancel((reason) => {
      stopTimer();
      scheduler.cancel(waiting);
      reject(reason);
    });
    deliver = (granted) => {
      stopTimer();
      forget();
      resolve(granted);
    };
  });
}
