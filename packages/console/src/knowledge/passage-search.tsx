import type { Passage } from '@myriad/contracts';
import { useDeferredValue, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { chatWords } from '../chat/words.ts';
import { useFormat } from '../format/use-format.ts';
import { knowledgeWords } from '../pages/knowledge/words.ts';
import { TextField } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';

/** Finds passages as an app would, and says how it looked. */
export function PassageSearch({ label, collection }: { readonly label: string; readonly collection?: string }) {
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const search = useApi(
    'GET /api/knowledge/search',
    { query: { q: query, limit: '8', ...(collection ? { collection } : {}) } },
    { enabled: query.length > 1, staleTime: 30_000 },
  );
  const passages = search.data?.passages ?? [];
  const report = search.data?.report;
  return (
    <div className="grid gap-3">
      <TextField
        quiet
        type="search"
        label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ProblemNote error={search.error} />
      {query.length > 1 && report && (
        <Card
          title={
            passages.length === 0 ? sayCommon('nothingFound', { query }) : say('found', { count: passages.length })
          }
          note={say('because', {
            method: say(`method_${report.method}`),
            time: format.duration(report.tookMs),
            because: report.because,
          })}
        >
          <ol className="grid gap-3">
            {passages.map((passage) => (
              <Found key={passage.id} passage={passage} />
            ))}
          </ol>
        </Card>
      )}
    </div>
  );
}

const goodCoverage = 0.5;

function Found({ passage }: { readonly passage: Passage }) {
  const say = useWords(knowledgeWords);
  const sayChat = useWords(chatWords);
  const format = useFormat();
  const best = passage.sentences.filter(({ coverage }) => coverage >= goodCoverage);
  const parts: { readonly text: string; readonly marked: boolean }[] = [];
  let at = 0;
  for (const { start, end } of best) {
    if (start < at) continue;
    parts.push(
      { text: passage.text.slice(at, start), marked: false },
      { text: passage.text.slice(start, end), marked: true },
    );
    at = end;
  }
  parts.push({ text: passage.text.slice(at), marked: false });
  return (
    <li className="border-t border-hair pt-3 first:border-0 first:pt-0">
      <p className="text-small text-soft">
        {[
          passage.documentName,
          passage.page === null ? '' : sayChat('pageOnly', { page: passage.page }),
          passage.headings.at(-1) ?? '',
          say('coverage', { percent: format.percent(passage.coverage) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="mt-0.5 line-clamp-6 break-words whitespace-pre-wrap">
        {parts.map((part, index) =>
          part.marked ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their order
            <mark key={index}>{part.text}</mark>
          ) : (
            part.text
          ),
        )}
      </p>
    </li>
  );
}
