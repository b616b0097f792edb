/** A word on an answer, by message or by run: checked, limited in rate, kept for those who keep the app. */
import { type Clock, type FeedbackRecord, type FeedbackStore, type GiveFeedback, MyriadError } from '@myriad/contracts';
import { z } from 'zod';

const between = 'expected 6 to 500 characters';
const fields = {
  rating: z.enum(['up', 'down']).nullable(),
  comment: z.string().trim().min(6, between).max(500, between).optional(),
  correction: z.string().trim().min(1).max(20_000, 'expected at most 20,000 characters').optional(),
};
export const messageFeedback = z.strictObject(fields);
export const runFeedback = z.strictObject({ ...fields, question: z.string().trim().min(1).max(4_000).optional() });
export const feedbackBytes = 131_072;

/** Texts that one speaker may write in `windowMs`; ratings alone are not limited. */
const mostTexts = 20;
const windowMs = 600_000;

export function createFeedbackDesk(parts: {
  readonly store: FeedbackStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly tenant: string;
}) {
  const { store, clock, tenant } = parts;
  const written = new Map<string, number[]>();

  function limit(actor: string): void {
    const now = clock.now();
    for (const [speaker, times] of written) if ((times.at(-1) ?? 0) <= now - windowMs) written.delete(speaker);
    const times = (written.get(actor) ?? []).filter((time) => time > now - windowMs);
    if (times.length >= mostTexts)
      throw new MyriadError('rate_limited', `At most ${mostTexts} comments and corrections in ten minutes.`, {
        facts: { retryAfterMs: (times[0] as number) + windowMs - now },
      });
    written.set(actor, [...times, now]);
  }

  return {
    /** @throws MyriadError `rate_limited` for too many texts of one speaker on this node. */
    async give(
      about: Pick<FeedbackRecord, 'appId' | 'runId' | 'messageId' | 'actor' | 'question'>,
      said: GiveFeedback,
    ): Promise<void> {
      if (said.comment !== undefined || said.correction !== undefined) limit(about.actor);
      await store.save({
        ...about,
        id: `${about.runId ?? about.messageId}/${about.actor}`,
        tenant,
        rating: said.rating,
        comment: said.comment ?? null,
        correction: said.correction ?? null,
        createdAt: clock.now(),
      });
    },
  };
}

export type FeedbackDesk = ReturnType<typeof createFeedbackDesk>;
