import type { WenkuJob, WenkuJobEvent } from '@myriad/contracts';
import { useEffect, useState } from 'react';
import { myriad } from '../api/client.ts';

/**
 * Follows a job to its end, through cut connections and reloads: every stream begins with the whole state.
 *
 * @param onEnd Called once when the job has ended.
 */
export function useJob(job: WenkuJob | null, onEnd: (job: WenkuJob) => unknown): WenkuJob | null {
  const [seen, setSeen] = useState<WenkuJob | null>(null);
  const id = job?.id ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `onEnd` must not restart the stream
  useEffect(() => {
    if (id === null || job?.status !== 'running') return;
    const source = new EventSource(myriad.url(`/api/wenku-jobs/${encodeURIComponent(id)}/stream`));
    let now: WenkuJob | null = null;
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data) as WenkuJobEvent;
      now = event.type === 'job' ? event.job : now && withText(now, event.part, event.text);
      setSeen(now);
      if (now && now.status !== 'running') {
        source.close();
        onEnd(now);
      }
    };
    return () => source.close();
  }, [id]);
  return seen && seen.id === id ? seen : job;
}

const withText = (job: WenkuJob, at: number, text: string): WenkuJob => ({
  ...job,
  parts: job.parts.map((part, index) => (index === at ? { ...part, text: part.text + text } : part)),
});
