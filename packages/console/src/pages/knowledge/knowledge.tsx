import { Link, useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { usePages, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { parsePrincipals } from '../../knowledge/parse-principals.ts';
import { PassageSearch } from '../../knowledge/passage-search.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { knowledgeWords } from './words.ts';

/** The libraries that apps may quote. */
export default function KnowledgePage() {
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const [making, setMaking] = useState(false);
  const list = usePages('GET /api/collections', { query: { prefix: 'library:' } });
  const libraries = list.items.filter(({ name }) => name.startsWith('library:'));
  const documents = libraries.reduce((sum, each) => sum + each.documents, 0);
  return (
    <PageFrame
      sentence={!list.isSuccess ? say('sentence') : documents === 0 ? say('empty') : say('holds', { count: documents })}
      under={say('under')}
      actions={
        <Button look="primary" onClick={() => setMaking(true)}>
          {say('new')}
        </Button>
      }
    >
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      {documents > 0 && <PassageSearch label={say('searchAll')} />}
      <Card flush>
        {list.isPending && <Waiting label={sayCommon('loading')} />}
        {list.isSuccess && libraries.length === 0 && (
          <Empty
            title={say('emptyTitle')}
            action={
              <Button look="primary" onClick={() => setMaking(true)}>
                {say('new')}
              </Button>
            }
          >
            {say('emptyUnder')}
          </Empty>
        )}
        {libraries.length > 0 && (
          <Table
            caption={say('list')}
            rows={libraries}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'name',
                title: say('collection'),
                cell: ({ id, name }) => (
                  <Link to={`/knowledge/${id}`} className="font-medium hover:underline">
                    {name.replace(/^library:/, '')}
                  </Link>
                ),
              },
              { key: 'documents', title: say('documents'), number: true, cell: (row) => format.number(row.documents) },
              { key: 'size', title: say('size'), number: true, cell: (row) => format.bytes(row.sizeBytes) },
              {
                key: 'readers',
                title: say('readers'),
                wideOnly: true,
                cell: ({ readers }) => <span className="text-soft">{readers.join(', ') || '—'}</span>,
              },
            ]}
          />
        )}
        {list.hasNextPage && (
          <Button look="quiet" className="m-2" onClick={() => void list.fetchNextPage()}>
            {sayCommon('loadMore')}
          </Button>
        )}
      </Card>
      {making && <NewCollection onClose={() => setMaking(false)} />}
    </PageFrame>
  );
}

function NewCollection({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const navigate = useNavigate();
  const formId = useId();
  const [name, setName] = useState('');
  const [readers, setReaders] = useState('everyone');
  const make = useSend('POST /api/collections', ['GET /api/collections']);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('new')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={make.isPending}>
            {say('create')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(
            { body: { name: `library:${name.trim()}`, readers: parsePrincipals(readers) } },
            { onSuccess: ({ id }) => void navigate({ to: `/knowledge/${id}` }) },
          );
        }}
      >
        <TextField
          label={say('name')}
          hint={say('nameHint', { name: name || '…' })}
          required
          pattern="[^\s]+"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={say('readers')}
          hint={say('readersHint')}
          value={readers}
          onChange={(event) => setReaders(event.target.value)}
        />
        <ProblemNote error={make.error} />
      </form>
    </Dialog>
  );
}
