/**
 * Lets the host's other work through during a long one: the returned function pauses only when 50 ms have gone by.
 *
 * @param signal Checked at each call; `onAbort` makes the error to throw.
 */
export function breather(signal: AbortSignal | undefined, onAbort: () => Error): () => Promise<void> | undefined {
  let last = performance.now();
  const check = () => {
    if (signal?.aborted) throw onAbort();
  };
  return () => {
    check();
    if (performance.now() - last < 50) return undefined;
    return new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
      last = performance.now();
      check();
    });
  };
}
