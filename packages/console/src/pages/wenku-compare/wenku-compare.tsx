import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { CheckField } from '../../ui/field.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { DiffBlocks } from '../../wenku/diff-blocks.tsx';
import { wenkuWords } from '../../wenku/words.ts';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';

/** Two documents or readings against each other, paragraph by paragraph and word by word. */
export default function WenkuComparePage() {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const { before = '', after = '' } = useParams({ strict: false }) as { before?: string; after?: string };
  const [only, setOnly] = useState(true);
  const found = useApi('GET /api/wenku-compare', { query: { before, after } });
  const { data } = found;
  const differs = data && data.added + data.removed + data.changed > 0;
  return (
    <PageFrame
      sentence={
        !data
          ? say('compare')
          : differs
            ? say('comparison', { added: data.added, removed: data.removed, changed: data.changed, same: data.same })
            : say('compareSame')
      }
      under={
        data && say('compareUnder', { before: data.before || say('untitled'), after: data.after || say('untitled') })
      }
    >
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Waiting label={sayCommon('loading')} />}
      {data && (
        <Card>
          <div className="mb-3">
            <CheckField label={say('onlyChanges')} checked={only} onChange={(event) => setOnly(event.target.checked)} />
          </div>
          <DiffBlocks blocks={data.blocks} onlyChanges={only} />
        </Card>
      )}
    </PageFrame>
  );
}
