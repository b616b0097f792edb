import type { Passage } from '@myriad/contracts';
import { useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { wenkuWords } from './words.ts';

/** Finds a passage in what the reader may read, to cite it. */
export function CiteDialog({
  onClose,
  onPick,
}: {
  readonly onClose: () => void;
  readonly onPick: (passage: Passage) => void;
}) {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const [query, setQuery] = useState('');
  const found = useApi(
    'GET /api/knowledge/search',
    { query: { q: query, limit: '8' } },
    { enabled: query.trim().length > 1 },
  );
  return (
    <Dialog open wide onClose={onClose} title={say('insert_cite')}>
      <div className="grid gap-3">
        <TextField label={say('citeFind')} value={query} onChange={(event) => setQuery(event.target.value)} />
        <ProblemNote error={found.error} />
        {found.data?.passages.length === 0 && <p className="text-soft">{sayCommon('nothingFound', { query })}</p>}
        {found.data?.passages.map((passage) => (
          <button
            key={passage.id}
            type="button"
            onClick={() => onPick(passage)}
            className="rounded-control border border-line p-3 text-left hover:border-field"
          >
            <span className="block text-small font-medium">
              {passage.documentName}
              {passage.page ? ` · ${say('page', { page: passage.page })}` : ''}
            </span>
            <span className="line-clamp-3 text-soft">{passage.text}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
