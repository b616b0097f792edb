import { useSyncExternalStore } from 'react';

/** Whether the window is at least so wide, in CSS pixels. */
export function useWide(minimumPx: number): boolean {
  const query = `(min-width: ${minimumPx}px)`;
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
