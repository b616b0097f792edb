import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import type { SourceCard } from '../search/search-sources.ts';
import { SearchTurn } from '../search/search-turn.tsx';
import { SourceView } from '../search/source-view.tsx';
import { searchWords } from '../search/words.ts';

/** A colleague's search, read-only, as far as the reader may read its sources. */
export default function SharedSearchPage() {
  const { share = '' } = useParams({ strict: false }) as { share?: string };
  const say = useWords(searchWords);
  const sayCommon = useWords(common);
  const shared = useApi('GET /api/search/shared/:id', { params: { id: share } });
  const [open, setOpen] = useState<{ readonly card: SourceCard; readonly cards: readonly SourceCard[] } | null>(null);
  if (shared.error)
    return (
      <PageFrame sentence={say('history')}>
        <ProblemNote error={shared.error} />
      </PageFrame>
    );
  if (!shared.data) return <Waiting label={sayCommon('loading')} />;
  const { by, title, turns } = shared.data;
  return (
    <PageFrame
      sentence={title}
      under={`${say('sharedBy', { name: by })} · ${say('sharedUnder')}`}
      actions={
        <Link to="/search" className={buttonClass('plain')}>
          {say('askYourself')}
        </Link>
      }
    >
      {turns.map(({ question, answer, record }, at) =>
        answer ? (
          <SearchTurn
            key={answer.id}
            question={question}
            message={answer}
            record={record}
            live={null}
            first={false}
            mayTrace={false}
            readOnly
            onOpen={(card, cards) => setOpen({ card, cards })}
            onAsk={() => {}}
          />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns keep their order
          <Card key={at} title={question}>
            <p className="text-soft">{say('withheld')}</p>
          </Card>
        ),
      )}
      <Dialog side open={open !== null} onClose={() => setOpen(null)} title={say('sources')}>
        <div className="-mx-5 h-full">
          {open && (
            <SourceView
              cards={open.cards}
              open={open.card}
              onOpen={(card) => setOpen({ card, cards: open.cards })}
              onClose={() => setOpen(null)}
            />
          )}
        </div>
      </Dialog>
    </PageFrame>
  );
}
