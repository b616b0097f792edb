import { useEffect, useState } from 'react';
import { myriad } from '../api/client.ts';
import { applyEvent, emptyAnswer, type LiveAnswer } from './live-answer.ts';

export interface LiveView {
  readonly answer: LiveAnswer;
  /** The stream broke for good; the run itself may go on. */
  readonly failure: unknown;
}

/**
 * Follows an answer while it is written, from its beginning, so that a reload shows all of it. Events that come within one
 * frame are painted together.
 *
 * @param onEnd Called once when the stream has ended, well or not.
 */
export function useLiveAnswer(messageId: string | null, onEnd: (messageId: string) => unknown): LiveView | null {
  const [view, setView] = useState<{ readonly id: string; readonly view: LiveView } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `onEnd` must not restart the stream
  useEffect(() => {
    if (messageId === null) return;
    const abort = new AbortController();
    let answer = emptyAnswer;
    let frame = 0;
    const paint = (failure: unknown = null) => setView({ id: messageId, view: { answer, failure } });
    const follow = async () => {
      let failure: unknown = null;
      try {
        for await (const { event } of myriad.follow(messageId, { signal: abort.signal })) {
          answer = applyEvent(answer, event);
          frame ||= requestAnimationFrame(() => {
            frame = 0;
            paint();
          });
        }
      } catch (error) {
        failure = error;
      }
      cancelAnimationFrame(frame);
      if (abort.signal.aborted) return;
      paint(failure);
      onEnd(messageId);
    };
    void follow();
    return () => {
      abort.abort();
      cancelAnimationFrame(frame);
    };
  }, [messageId]);
  return view && view.id === messageId ? view.view : null;
}
