/** One run under account: its calls, and its one settlement. */
import {
  type EmbedRequest,
  type EmbedResult,
  type KernelCall,
  type ModelNeed,
  MyriadError,
  type OpenRun,
  type RunOutcome,
  type RunRecord,
  type RunSpec,
} from '@myriad/contracts';
import { CallStream } from './call-stream.ts';
import { Cancel, callerWentAway } from './cancel.ts';
import { embedCall } from './embed-call.ts';
import { mediaCall } from './media-call.ts';
import type { Parts, RunAccount } from './parts.ts';
import { appendSettlement, settlementOf } from './settle-run.ts';

export interface DrainableRun extends OpenRun {
  /** Stops every call of the run with the reason. */
  stop(reason: MyriadError): void;
}

export function createOpenRun(parts: Parts, spec: RunSpec, onSettled: (run: DrainableRun) => void): DrainableRun {
  const startedAt = parts.clock.now();
  const run: RunAccount = {
    spec,
    startedAt,
    deadlineAt: spec.limits.deadlineMs === null ? Number.POSITIVE_INFINITY : startedAt + spec.limits.deadlineMs,
    calls: [],
    steps: [],
    charges: new Map(),
    pinned: new Set(),
    firstTokenAt: null,
    servedBy: null,
    holdId: null,
    holdWritten: null,
  };
  const active = new Set<Cancel>();
  let isClosed = false;
  let isLeft = false;
  let settling: Promise<RunRecord> | null = null;
  let onIdle: (() => void) | null = null;

  const leave = (cancel: Cancel) => {
    active.delete(cancel);
    if (active.size === 0) onIdle?.();
  };

  const refuseWhenClosed = () => {
    if (isClosed) throw new MyriadError('conflict', `Run ${spec.runId} is settled and takes no more calls.`);
  };

  const settle = async (outcome: RunOutcome): Promise<RunRecord> => {
    // Calls that were stopped while they waited end a turn later, and what they cost belongs to the run.
    if (active.size > 0)
      await new Promise<void>((resolve) => {
        onIdle = resolve;
      });
    const settlement = settlementOf(parts, run, outcome);
    await appendSettlement(parts, { ...settlement, holdId: run.holdId });
    parts.book.unpin([...run.pinned]);
    run.pinned.clear();
    onSettled(open);
    return settlement.run;
  };

  const stream = (call: KernelCall): CallStream => {
    refuseWhenClosed();
    const cancel = new Cancel();
    const onStart = () => {
      refuseWhenClosed();
      active.add(cancel);
    };
    return new CallStream({ parts, run, call, cancel, signal: call.signal, onStart, onEnd: () => leave(cancel) });
  };

  const open: DrainableRun = {
    runId: spec.runId,
    get servedBy() {
      return run.servedBy;
    },
    chat: (call) => stream(call),
    chatBatches: (call) => stream(call).batches(),
    async embed(request: EmbedRequest, need: ModelNeed, signal: AbortSignal): Promise<EmbedResult> {
      refuseWhenClosed();
      const cancel = new Cancel();
      const onAbort = () => cancel.fire(callerWentAway());
      active.add(cancel);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      try {
        cancel.throwIfCancelled();
        return await embedCall(parts, run, request, need, cancel);
      } finally {
        signal.removeEventListener('abort', onAbort);
        leave(cancel);
      }
    },
    async media(request, need, signal) {
      refuseWhenClosed();
      const cancel = new Cancel();
      const onAbort = () => cancel.fire(callerWentAway());
      active.add(cancel);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      return mediaCall(parts, run, request, need, cancel, () => {
        signal.removeEventListener('abort', onAbort);
        leave(cancel);
      });
    },
    stop(reason) {
      for (const cancel of [...active]) cancel.fire(reason);
    },
    settle(outcome) {
      if (settling) return settling;
      isClosed = true;
      if (active.size > 0) open.stop(callerWentAway());
      if (!isLeft) {
        isLeft = true;
        parts.limits.leave(spec);
      }
      // A failed append may be tried again by settling again; the account stays as it is.
      settling = settle(outcome).catch((error) => {
        settling = null;
        throw error;
      });
      return settling;
    },
  };
  return open;
}
