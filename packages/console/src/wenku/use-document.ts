import type { WenkuContent, WenkuDetail, WenkuDocument } from '@myriad/contracts';
import { MyriadError } from '@myriad/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { myriad } from '../api/client.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly conflict: boolean };

export interface OpenDocument {
  readonly detail: WenkuDetail | null;
  readonly error: unknown;
  readonly content: WenkuContent | null;
  readonly state: SaveState;
  /** Grows when the content was replaced from outside, so that an editor takes it over. */
  readonly generation: number;
  change(content: WenkuContent): void;
  /** Changes title, language, sources or access. */
  patch(change: Partial<Pick<WenkuDocument, 'title' | 'sources' | 'language' | 'readers' | 'editors'>>): Promise<void>;
  reload(): Promise<void>;
  /** Saves what is not saved; resolves when nothing is left. */
  flush(): Promise<void>;
}

const saveAfterMs = 900;

/** A document that saves itself a moment after each change, one save after another, each from the revision it knows. */
export function useDocument(id: string): OpenDocument {
  const [detail, setDetail] = useState<WenkuDetail | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [content, setContent] = useState<WenkuContent | null>(null);
  const [state, setState] = useState<SaveState>({ kind: 'saved' });
  const [generation, setGeneration] = useState(0);
  const revision = useRef(0);
  const waiting = useRef<WenkuContent | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const saving = useRef<Promise<void>>(Promise.resolve());

  const reload = useCallback(async () => {
    try {
      const got = await myriad.call('GET /api/wenku/:id', { params: { id } });
      waiting.current = null;
      revision.current = got.document.revision;
      setDetail(got);
      setContent(got.content);
      setState({ kind: 'saved' });
      setGeneration((before) => before + 1);
      setError(null);
    } catch (thrown) {
      setError(thrown);
    }
  }, [id]);

  const save = useCallback(
    (leaving = false) => {
      clearTimeout(timer.current);
      saving.current = saving.current.then(async () => {
        const wanted = waiting.current;
        if (!wanted) return;
        waiting.current = null;
        setState({ kind: 'saving' });
        try {
          const document = await myriad.call('PUT /api/wenku/:id/content', {
            params: { id },
            body: { revision: revision.current, content: wanted },
            // A browser lets only small bodies outlive their page.
            keepalive: leaving && JSON.stringify(wanted).length < 60_000,
          });
          revision.current = document.revision;
          setDetail((before) => (before ? { ...before, document } : before));
          setState(waiting.current ? { kind: 'unsaved' } : { kind: 'saved' });
        } catch (thrown) {
          waiting.current ??= wanted;
          const conflict = thrown instanceof MyriadError && thrown.code === 'conflict';
          setState({ kind: 'failed', error: thrown, conflict });
        }
      });
      return saving.current;
    },
    [id],
  );

  useEffect(() => {
    void reload();
    const leave = () => void save(true);
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [reload, save]);

  return {
    detail,
    error,
    content,
    state,
    generation,
    change(next) {
      setContent(next);
      waiting.current = next;
      setState({ kind: 'unsaved' });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), saveAfterMs);
    },
    async patch(change) {
      await save();
      const document = await myriad.call('PATCH /api/wenku/:id', { params: { id }, body: change });
      revision.current = document.revision;
      setDetail((before) => (before ? { ...before, document } : before));
    },
    reload,
    async flush() {
      await save();
    },
  };
}
