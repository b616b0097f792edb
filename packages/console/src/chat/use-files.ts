import type { KnowledgeDocument } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { myriad } from '../api/client.ts';
import { type Upload, uploadFile } from '../api/upload.ts';
import { refreshRoutes } from '../api/use-api.ts';
import { sentenceOf } from '../ui/problem-note.tsx';

/** A file on its way into the conversation, or one that has come. */
export interface FileInHand {
  readonly key: string;
  readonly name: string;
  /** Share of the bytes sent, 0 to 1. */
  readonly ratio: number;
  readonly document: KnowledgeDocument | null;
  readonly failure: string | null;
}

const firstPollMs = 600;

/** The files that the next message brings: uploads with progress, then their reading until it is done. */
export function useFiles(conversationOf: () => Promise<string>) {
  const queries = useQueryClient();
  const [files, setFiles] = useState<readonly FileInHand[]>([]);
  const uploads = useRef(new Map<string, Upload>());
  const change = (key: string, patch: Partial<FileInHand>) =>
    setFiles((before) => before.map((file) => (file.key === key ? { ...file, ...patch } : file)));

  const waiting = files
    .filter(({ document }) => document?.status === 'queued' || document?.status === 'parsing')
    .map(({ document }) => document?.id ?? '')
    .join(',');
  useEffect(() => {
    if (waiting === '') return;
    const timer = setInterval(async () => {
      for (const id of waiting.split(',')) {
        const document = await myriad.call('GET /api/documents/:id', { params: { id } }).catch(() => null);
        if (document)
          setFiles((before) => before.map((file) => (file.document?.id === id ? { ...file, document } : file)));
      }
    }, firstPollMs);
    return () => clearInterval(timer);
  }, [waiting]);

  const add = async (picked: readonly File[]) => {
    const rows = picked.map((file) => ({ file, key: crypto.randomUUID?.() ?? `${file.name}-${performance.now()}` }));
    setFiles((before) => [
      ...before,
      ...rows.map(({ file, key }) => ({ key, name: file.name, ratio: 0, document: null, failure: null })),
    ]);
    try {
      const conversation = await conversationOf();
      await Promise.all(
        rows.map(async ({ file, key }) => {
          const upload = uploadFile('POST /api/conversations/:id/files', conversation, file, (ratio) =>
            change(key, { ratio }),
          );
          uploads.current.set(key, upload);
          try {
            change(key, { document: await upload.done });
          } catch (error) {
            change(key, { failure: sentenceOf(error) });
          }
          uploads.current.delete(key);
        }),
      );
    } catch (error) {
      for (const { key } of rows) change(key, { failure: sentenceOf(error) });
    }
  };

  return {
    files,
    add,
    remove(file: FileInHand) {
      uploads.current.get(file.key)?.cancel();
      setFiles((before) => before.filter(({ key }) => key !== file.key));
      if (file.document) {
        void myriad
          .call('DELETE /api/documents/:id', { params: { id: file.document.id } })
          .then(() => refreshRoutes(queries, ['GET /api/conversations/:id']))
          .catch(() => {});
      }
    },
    async retry(document: KnowledgeDocument) {
      const again = await myriad.call('POST /api/documents/:id/retry', { params: { id: document.id } });
      setFiles((before) =>
        before.map((file) => (file.document?.id === again.id ? { ...file, document: again } : file)),
      );
    },
    /** Ids of what has come, and an empty hand for the next message. */
    take(): readonly string[] {
      const ids = files.flatMap(({ document }) => (document ? [document.id] : []));
      setFiles((before) => before.filter(({ document }) => document === null));
      return ids;
    },
    clear: () => setFiles([]),
  };
}
