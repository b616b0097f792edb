import { useRef, useState } from 'react';
import { type Upload, uploadFile } from '../api/upload.ts';
import { sentenceOf } from '../ui/problem-note.tsx';

export interface UploadRow {
  readonly key: number;
  readonly name: string;
  /** Share of the bytes sent, 0 to 1. */
  readonly ratio: number;
  readonly failure: string | null;
}

const parallel = 3;

/** Uploads into a collection, three at a time; a row goes when its file has come, and stays with the reason when not. */
export function useUploads(collection: string, onCome: () => unknown) {
  const [rows, setRows] = useState<readonly UploadRow[]>([]);
  const counter = useRef(0);
  const running = useRef(new Map<number, Upload>());
  const waiting = useRef<{ readonly key: number; readonly file: File }[]>([]);
  const patch = (key: number, change: Partial<UploadRow>) =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const drop = (key: number) => setRows((before) => before.filter((row) => row.key !== key));

  const next = () => {
    while (running.current.size < parallel) {
      const job = waiting.current.shift();
      if (!job) return;
      const upload = uploadFile('POST /api/collections/:id/documents', collection, job.file, (ratio) =>
        patch(job.key, { ratio }),
      );
      running.current.set(job.key, upload);
      void upload.done
        .then(() => {
          drop(job.key);
          onCome();
        })
        .catch((error: unknown) => patch(job.key, { failure: sentenceOf(error) }))
        .finally(() => {
          running.current.delete(job.key);
          next();
        });
    }
  };

  return {
    rows,
    add(files: readonly File[]) {
      const jobs = files.map((file) => {
        counter.current += 1;
        return { key: counter.current, file };
      });
      setRows((before) => [
        ...before,
        ...jobs.map(({ key, file }) => ({ key, name: file.name, ratio: 0, failure: null })),
      ]);
      waiting.current.push(...jobs);
      next();
    },
    stop(key: number) {
      waiting.current = waiting.current.filter((job) => job.key !== key);
      running.current.get(key)?.cancel();
      drop(key);
    },
  };
}
