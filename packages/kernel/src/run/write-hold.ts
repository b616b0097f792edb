import { type Hold, newId } from '@myriad/contracts';
import type { Reservation } from '../accounts/budget-book.ts';
import type { Parts, RunAccount } from './parts.ts';

/**
 * Writes ahead that the run is about to spend, without waiting: the model is called meanwhile. Once per run; later calls
 * of the run are held in memory only. A failure is told to the log; the money stays counted in memory.
 */
export function writeHold(parts: Parts, run: RunAccount, reservation: Reservation | null): void {
  if (run.holdId !== null) return;
  const hasMoney = reservation?.micros.some((micros) => micros > 0) ?? false;
  if (!hasMoney && !parts.rules.holdUnbudgeted) return;
  const { spec } = run;
  const hold: Hold = {
    id: newId('hold', parts.clock, parts.random),
    runId: spec.runId,
    createdAt: parts.clock.now(),
    parts: (reservation?.accounts ?? []).map((account, at) => ({
      scope: account.scope,
      periodStart: account.periodStart,
      micros: reservation?.micros[at] ?? 0,
      currency: account.currency,
    })),
    owner: parts.owner,
    run: {
      appId: spec.appId,
      appName: spec.appName,
      version: spec.version,
      surface: spec.surface,
      tenant: spec.tenant,
      personId: spec.personId,
      keyId: spec.keyId,
      unit: spec.assignment.unit,
      experiment: spec.assignment.experiment,
      assigned: spec.assignment.variant,
      assignmentReason: spec.assignment.reason,
      conversationId: spec.conversationId,
      delivered: spec.delivered,
      startedAt: run.startedAt,
      stream: spec.stream,
    },
  };
  run.holdId = hold.id;
  run.holdWritten = parts.ledger.hold(hold).catch((error: unknown) => {
    run.holdId = null;
    parts.log('error', 'A hold could not be written ahead.', { runId: spec.runId, cause: String(error) });
  });
}
