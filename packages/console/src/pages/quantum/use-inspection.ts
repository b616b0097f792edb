import type { Inspected } from '@myriad/builtin/quantum';
import { useEffect, useRef, useState } from 'react';
import { type FromWorker, startWorker } from './quantum-messages.ts';

const quietMs = 200;
/** Text on which the reader is still busy after this long is given up for the newest one. */
const patienceMs = 5_000;

export interface Inspection {
  /** The text that was read. */
  readonly source: string;
  readonly inspected: Inspected;
}

/** Reads, draws and plans the circuit beside the page, a moment after the last keystroke; only the newest answer counts. */
export function useInspection(source: string): Inspection | null {
  const [inspection, setInspection] = useState<Inspection | null>(null);
  const worker = useRef<Worker | null>(null);
  const asked = useRef(0);
  useEffect(() => () => worker.current?.terminate(), []);
  useEffect(() => {
    let patience: ReturnType<typeof setTimeout>;
    const timer = setTimeout(() => {
      worker.current ??= startWorker();
      asked.current += 1;
      const id = asked.current;
      worker.current.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind !== 'inspected' || data.id !== asked.current) return;
        clearTimeout(patience);
        setInspection({ source, inspected: data.inspected });
      };
      patience = setTimeout(() => {
        worker.current?.terminate();
        worker.current = null;
      }, patienceMs);
      worker.current.postMessage({ kind: 'inspect', id, source });
    }, quietMs);
    return () => {
      clearTimeout(timer);
      clearTimeout(patience);
    };
  }, [source]);
  return inspection;
}
