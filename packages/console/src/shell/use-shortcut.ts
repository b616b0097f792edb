import { useEffect, useRef } from 'react';

/**
 * Listens for a key on the whole page, such as `mod+k`, `mod+shift+o` or `escape`; `mod` is ⌘ on a Mac and Ctrl
 * elsewhere. A handler that returns false lets the key pass.
 */
export function useShortcut(keys: string, handler: (event: KeyboardEvent) => unknown): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const parts = keys.split('+');
    const key = parts.at(-1);
    const wants = (part: string) => parts.includes(part);
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key.toLowerCase() !== key) return;
      if (wants('mod') !== (event.metaKey || event.ctrlKey) || wants('shift') !== event.shiftKey) return;
      if (latest.current(event) !== false) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [keys]);
}
