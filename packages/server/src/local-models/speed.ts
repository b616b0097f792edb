import type { Clock } from '@myriad/contracts';

const windowMs = 5_000;

/** Bytes a second over the last seconds; null until there is something to tell from. */
export function createSpeed(clock: Pick<Clock, 'monotonicMs'>): (receivedBytes: number) => number | null {
  let marks: { at: number; bytes: number }[] = [];
  return (bytes) => {
    const at = clock.monotonicMs();
    const last = marks.at(-1);
    if (!last || at - last.at >= 250) marks = [...marks.filter((mark) => at - mark.at < windowMs), { at, bytes }];
    const first = marks[0];
    return first && at - first.at >= 250 ? Math.round(((bytes - first.bytes) * 1_000) / (at - first.at)) : null;
  };
}
