import type { DocumentStatus, KnowledgeDocument } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue, useRef, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { refreshRoutes, useApi, usePages, useSend } from '../../api/use-api.ts';
import { useDrop } from '../../chat/use-drop.ts';
import { PassageSearch } from '../../knowledge/passage-search.tsx';
import { useUploads } from '../../knowledge/use-uploads.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell, tellWithUndo } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { knowledgeWords } from '../knowledge/words.ts';
import { DocumentTable } from './document-table.tsx';
import { ReadersDialog } from './readers-dialog.tsx';
import { UploadList } from './upload-list.tsx';

const statuses: readonly DocumentStatus[] = ['ready', 'queued', 'parsing', 'failed'];
const pollMs = 1_500;

/** One collection: add files, see how each was read, search, delete. */
export default function CollectionPage() {
  const { collection: id = '' } = useParams({ strict: false }) as { collection?: string };
  const say = useWords(knowledgeWords);
  const sayCommon = useWords(common);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [filters, filter] = useFilters();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'delete' | 'readers' | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const collections = useApi('GET /api/collections', {}, { staleTime: 10_000 });
  const collection = collections.data?.items.find((each) => each.id === id);
  const search = useDeferredValue(filters.search ?? '');
  const [busy, setBusy] = useState(false);
  const list = usePages(
    'GET /api/collections/:id/documents',
    { params: { id }, query: { search, status: filters.status ?? '' } },
    busy ? { refetchInterval: pollMs } : {},
  );
  const reading = list.items.some(({ status }) => status === 'queued' || status === 'parsing');
  if (reading !== busy) setBusy(reading);
  const uploads = useUploads(id, () =>
    refreshRoutes(queries, ['GET /api/collections/:id/documents', 'GET /api/collections']),
  );
  const hovering = useDrop(uploads.add);
  const removeCollection = useSend('DELETE /api/collections/:id', ['GET /api/collections']);
  const retry = useSend('POST /api/documents/:id/retry', ['GET /api/collections/:id/documents']);
  const name = collection?.name.replace(/^library:/, '') ?? id;
  const shown = list.items.filter((document) => !hidden.has(document.id));
  const failed = shown.filter(({ status }) => status === 'failed').length;
  const filtered = search !== '' || Boolean(filters.status);

  const remove = (document: KnowledgeDocument) => {
    const show = () => setHidden((before) => new Set([...before].filter((each) => each !== document.id)));
    setHidden((before) => new Set(before).add(document.id));
    tellWithUndo(
      say('deleted', { name: document.name }),
      sayCommon('undo'),
      () => {
        myriad
          .call('DELETE /api/documents/:id', { params: { id: document.id }, keepalive: true })
          .then(() => refreshRoutes(queries, ['GET /api/collections/:id/documents', 'GET /api/collections']))
          .catch((error: unknown) => {
            show();
            tell(sentenceOf(error));
          });
      },
      show,
    );
  };

  return (
    <PageFrame
      sentence={collection ? say('readable', { name, count: collection.documents }) : say('sentence')}
      under={
        list.isSuccess &&
        shown.length > 0 &&
        !filtered &&
        (failed > 0 ? say('failedUnder', { count: failed }) : !reading && say('allWell'))
      }
      actions={
        <>
          <Button look="primary" onClick={() => picker.current?.click()}>
            {say('upload')}
          </Button>
          <Menu
            trigger={<IconButton icon="more" label={say('collectionOptions')} />}
            items={[
              {
                key: 'readers',
                label: say('changeReaders'),
                disabled: !collection,
                onSelect: () => setDialog('readers'),
              },
              null,
              { key: 'delete', label: say('deleteCollection'), danger: true, onSelect: () => setDialog('delete') },
            ]}
          />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              uploads.add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </>
      }
    >
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      <UploadList uploads={uploads.rows} onStop={uploads.stop} />
      {shown.length > 0 && <PassageSearch label={say('searchOne')} collection={collection?.name ?? id} />}
      {(shown.length > 0 || filtered) && (
        <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_180px]">
          <TextField
            quiet
            type="search"
            label={say('find')}
            placeholder={say('find')}
            value={filters.search ?? ''}
            onChange={(event) => filter({ search: event.target.value })}
          />
          <SelectField
            quiet
            label={say('state')}
            value={filters.status ?? ''}
            onChange={(event) => filter({ status: event.target.value })}
            options={[
              { value: '', label: say('anyState') },
              ...statuses.map((value) => ({ value, label: sayCommon(`document_${value}`) })),
            ]}
          />
        </div>
      )}
      <Card flush>
        {list.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
        {list.isSuccess && shown.length === 0 && (
          <Empty
            title={filtered ? sayCommon('nothingFound', { query: search }) : say('emptyCollection')}
            action={
              !filtered && (
                <Button look="primary" onClick={() => picker.current?.click()}>
                  {say('upload')}
                </Button>
              )
            }
          >
            {!filtered && say('emptyCollectionUnder')}
          </Empty>
        )}
        {shown.length > 0 && (
          <DocumentTable
            documents={shown}
            onRetry={(document) => retry.mutate({ params: { id: document.id } })}
            onDelete={remove}
          />
        )}
        {list.hasNextPage && (
          <Button look="quiet" className="m-2" onClick={() => void list.fetchNextPage()}>
            {sayCommon('loadMore')}
          </Button>
        )}
      </Card>
      {hovering && (
        <div className="pointer-events-none fixed inset-3 z-30 grid place-items-center rounded-card border-2 border-dashed border-data bg-paper text-[16px] font-medium">
          {say('dropHere')}
        </div>
      )}
      {collection && dialog === 'readers' && <ReadersDialog collection={collection} onClose={() => setDialog(null)} />}
      <ConfirmByName
        open={dialog === 'delete'}
        onClose={() => setDialog(null)}
        title={say('deleteCollection')}
        consequence={say('deleteConsequence')}
        name={name}
        action={sayCommon('delete')}
        onConfirm={() =>
          removeCollection.mutate(
            { params: { id } },
            { onSuccess: () => void navigate({ to: '/knowledge' }), onError: (error) => tell(sentenceOf(error)) },
          )
        }
      />
    </PageFrame>
  );
}
