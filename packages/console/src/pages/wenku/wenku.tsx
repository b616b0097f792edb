import type { WenkuDocument, WenkuKind } from '@myriad/contracts';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { myriad } from '../../api/client.ts';
import { useApi, usePages, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, Choices, IconButton } from '../../ui/button.tsx';
import { ConfirmByName, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Table } from '../../ui/table.tsx';
import { tell } from '../../ui/toast.tsx';
import { chooseFile, sendBytes } from '../../wenku/send-bytes.ts';
import { wenkuWords } from '../../wenku/words.ts';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';

type Scope = 'mine' | 'library' | 'reading';
const editable = '.docx,.md,.markdown,.txt,.html,.htm';

/** The library of documents and decks, what others published, and files opened to be read. */
export default function WenkuPage() {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const navigate = useNavigate();
  const [filters, setFilters] = useFilters();
  const scope: Scope = filters.scope === 'library' || filters.scope === 'reading' ? filters.scope : 'mine';
  const [error, setError] = useState<unknown>(null);
  const templates = useApi('GET /api/wenku/templates', {}, { staleTime: Number.POSITIVE_INFINITY });
  const list = usePages(
    'GET /api/wenku',
    { query: { ...(scope === 'library' ? { scope } : {}), ...(filters.search ? { search: filters.search } : {}) } },
    { enabled: scope !== 'reading' },
  );
  const make = useSend('POST /api/wenku', ['GET /api/wenku']);
  const open = (kind: WenkuKind, template?: string) => {
    setError(null);
    make.mutate(
      { body: { kind, language, ...(template ? { template } : {}) } },
      { onSuccess: ({ document }) => void navigate({ to: `/wenku/${document.id}` }), onError: setError },
    );
  };
  const send = (kind: WenkuKind | null) =>
    chooseFile(kind ? editable : '', async (file) => {
      setError(null);
      const name = encodeURIComponent(file.name);
      try {
        if (kind) {
          const path = `/api/wenku/import?name=${name}&kind=${kind}`;
          const { document } = await sendBytes<'POST /api/wenku/import'>(path, file);
          await navigate({ to: `/wenku/${document.id}` });
        } else {
          const { id } = await sendBytes<'POST /api/wenku-readings'>(`/api/wenku-readings?name=${name}`, file);
          await navigate({ to: `/wenku/read/${id}` });
        }
      } catch (thrown) {
        setError(thrown);
      }
    });
  return (
    <PageFrame
      sentence={
        scope === 'mine' && list.isSuccess && list.items.length > 0 && !list.hasNextPage && !filters.search
          ? say('count', { count: list.items.length })
          : say('sentence')
      }
      under={say('under')}
      actions={
        <>
          <Button look="primary" busy={make.isPending} onClick={() => open('deck')}>
            {say('newDeck')}
          </Button>
          <Button onClick={() => open('doc')}>{say('newDoc')}</Button>
          <Button onClick={() => send(null)}>{say('openReading')}</Button>
          <Menu
            trigger={<IconButton icon="more" label={say('more')} />}
            items={[
              { key: 'doc', label: say('importFile'), onSelect: () => send('doc') },
              { key: 'deck', label: say('importAsDeck'), onSelect: () => send('deck') },
            ]}
          />
        </>
      }
    >
      <ProblemNote error={error ?? list.error ?? templates.error} />
      <section aria-label={say('templates')} className="grid gap-2">
        <h2 className="text-[13px] font-semibold">{say('templates')}</h2>
        <ul className="grid grid-cols-2 gap-2 md:grid-cols-3 lg:grid-cols-5">
          {templates.data?.items.map((template) => (
            <li key={template.id}>
              <button
                type="button"
                onClick={() => open(template.kind, template.id)}
                className="flex h-full w-full flex-col items-start rounded-card border border-line bg-card p-3 text-left hover:border-field"
              >
                <span className="block text-tiny text-soft">{say(template.kind)}</span>
                <span className="block font-medium">{template.title[language]}</span>
                <span className="block text-small text-soft">{template.description[language]}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Choices
          label={say('library')}
          value={scope}
          options={(['mine', 'library', 'reading'] as const).map((value) => ({ value, label: say(value) }))}
          onChange={(value) => setFilters({ scope: value === 'mine' ? '' : value })}
        />
        {scope !== 'reading' && (
          <TextField
            quiet
            type="search"
            label={say('find')}
            placeholder={say('find')}
            value={filters.search ?? ''}
            onChange={(event) => setFilters({ search: event.target.value })}
          />
        )}
      </div>
      <Card flush>
        {scope === 'reading' ? (
          <Readings onOpen={() => send(null)} />
        ) : (
          <>
            {list.isPending && <Waiting label={sayCommon('loading')} />}
            {list.isSuccess && list.items.length === 0 && (
              <Empty
                title={
                  scope === 'library'
                    ? say('libraryEmpty')
                    : filters.search
                      ? sayCommon('nothingFound', { query: filters.search })
                      : say('emptyTitle')
                }
              >
                {scope === 'mine' && !filters.search && say('emptyUnder')}
              </Empty>
            )}
            {list.items.length > 0 && <Documents items={list.items} mine={scope === 'mine'} />}
            {list.hasNextPage && (
              <Button look="quiet" className="m-2" onClick={() => void list.fetchNextPage()}>
                {sayCommon('loadMore')}
              </Button>
            )}
          </>
        )}
      </Card>
    </PageFrame>
  );
}

function Documents({ items, mine }: { readonly items: readonly WenkuDocument[]; readonly mine: boolean }) {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<WenkuDocument | null>(null);
  const [comparing, setComparing] = useState<WenkuDocument | null>(null);
  const remove = useSend('DELETE /api/wenku/:id', ['GET /api/wenku']);
  const nameOf = ({ title }: WenkuDocument) => title || say('untitled');
  const fork = async ({ id }: WenkuDocument, kind?: WenkuKind) => {
    const { document } = await myriad.call('POST /api/wenku/:id/fork', { params: { id }, body: kind ? { kind } : {} });
    await navigate({ to: `/wenku/${document.id}` });
  };
  return (
    <>
      <Table
        caption={say('library')}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'title',
            title: say('title'),
            cell: (document) => (
              <Link to={`/wenku/${document.id}`} className="font-medium hover:underline">
                {nameOf(document)}
              </Link>
            ),
          },
          { key: 'kind', title: say('kind'), cell: ({ kind }) => <span className="text-soft">{say(kind)}</span> },
          {
            key: 'words',
            title: say('words'),
            number: true,
            wideOnly: true,
            cell: ({ words }) => format.number(words),
          },
          {
            key: 'changed',
            title: say('changed'),
            wideOnly: true,
            cell: ({ updatedAt }) => <span className="text-soft">{format.ago(updatedAt)}</span>,
          },
          {
            key: 'more',
            title: say('more'),
            cell: (document) => (
              <Menu
                trigger={<IconButton icon="more" label={say('options', { name: nameOf(document) })} />}
                items={[
                  { key: 'fork', label: say('fork'), onSelect: () => void fork(document) },
                  {
                    key: 'turn',
                    label: say(document.kind === 'doc' ? 'toDeck' : 'toDoc'),
                    onSelect: () => void fork(document, document.kind === 'doc' ? 'deck' : 'doc'),
                  },
                  { key: 'compare', label: say('compareWith'), onSelect: () => setComparing(document) },
                  ...(mine
                    ? [
                        null,
                        {
                          key: 'delete',
                          label: sayCommon('delete'),
                          danger: true,
                          onSelect: () => setDeleting(document),
                        },
                      ]
                    : []),
                ]}
              />
            ),
          },
        ]}
      />
      {comparing && (
        <Dialog open onClose={() => setComparing(null)} title={say('pickOther')} description={nameOf(comparing)}>
          <ul className="grid gap-1">
            {items
              .filter(({ id }) => id !== comparing.id)
              .map((other) => (
                <li key={other.id}>
                  <Link
                    to={`/wenku/compare/${comparing.id}/${other.id}`}
                    className="block rounded-control px-2.5 py-2 hover:bg-hair"
                  >
                    {nameOf(other)}
                  </Link>
                </li>
              ))}
          </ul>
        </Dialog>
      )}
      {deleting && (
        <ConfirmByName
          open
          onClose={() => setDeleting(null)}
          title={sayCommon('delete')}
          consequence={say('deleteConsequence')}
          name={nameOf(deleting)}
          action={sayCommon('delete')}
          onConfirm={() =>
            remove.mutate(
              { params: { id: deleting.id } },
              { onSuccess: () => tell(say('deleted', { name: nameOf(deleting) })) },
            )
          }
        />
      )}
    </>
  );
}

function Readings({ onOpen }: { readonly onOpen: () => void }) {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const list = useApi('GET /api/wenku-readings', {}, { staleTime: 0 });
  const remove = useSend('DELETE /api/wenku-readings/:id', ['GET /api/wenku-readings']);
  if (list.isPending) return <Waiting label={sayCommon('loading')} />;
  const items = list.data?.items ?? [];
  if (items.length === 0)
    return (
      <Empty title={say('readingsEmpty')} action={<Button onClick={onOpen}>{say('openReading')}</Button>}>
        {null}
      </Empty>
    );
  return (
    <Table
      caption={say('reading')}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: say('title'),
          cell: ({ id, name }) => (
            <Link to={`/wenku/read/${id}`} className="font-medium hover:underline">
              {name}
            </Link>
          ),
        },
        {
          key: 'changed',
          title: say('changed'),
          wideOnly: true,
          cell: ({ createdAt }) => <span className="text-soft">{format.ago(createdAt)}</span>,
        },
        {
          key: 'delete',
          title: say('more'),
          cell: ({ id, name }) => (
            <IconButton
              icon="close"
              label={`${sayCommon('delete')} ${name}`}
              onClick={() => remove.mutate({ params: { id } }, { onSuccess: () => tell(say('deleted', { name })) })}
            />
          ),
        },
      ]}
    />
  );
}
