import type { DriveNodeAnswer, DriveSort } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { useApi } from '../../api/use-api.ts';
import { Details } from '../../drive/details.tsx';
import { readDrop, readPicked, type TreeFile } from '../../drive/drop-tree.ts';
import { fileKind } from '../../drive/file-kind.ts';
import { dragType, FileList } from '../../drive/file-list.tsx';
import { FolderPicker } from '../../drive/folder-picker.tsx';
import { contentUrl, Preview } from '../../drive/preview.tsx';
import { refreshDrive } from '../../drive/refresh-drive.ts';
import { nothingSelected, type Selection } from '../../drive/selection.ts';
import { ShareDialog } from '../../drive/share-dialog.tsx';
import { uploadQueue } from '../../drive/upload-queue.ts';
import { UploadTray } from '../../drive/upload-tray.tsx';
import { useDriveActions } from '../../drive/use-drive-actions.ts';
import { useDriveDrop } from '../../drive/use-drive-drop.ts';
import { useFormat } from '../../format/use-format.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { useWide } from '../../shell/use-wide.ts';
import { Button, Choices, IconButton } from '../../ui/button.tsx';
import { ConfirmByName, Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { Card, Empty, PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { AskPanel } from './ask-panel.tsx';
import { Places } from './places.tsx';
import { ConnectNote, NewFolderDialog } from './small-dialogs.tsx';
import { TextHits } from './text-hits.tsx';
import { type DriveView, useShownFiles } from './use-shown-files.ts';
import { driveWords } from './words.ts';

type Side = { readonly kind: 'details' | 'ask'; readonly id: string } | null;
type Open = 'move' | 'copy' | 'share' | 'folder' | 'forEver' | 'emptyTrash' | 'connect' | null;

const views = new Set<string>(['shared', 'week', 'duplicates', 'trash']);
const sorts: readonly DriveSort[] = ['name', 'time', 'size', 'type'];

/** The drive: places, a folder, and what one does with what is in it. */
export default function DrivePage() {
  const { folder: wantedFolder } = useParams({ strict: false }) as { folder?: string };
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const actions = useDriveActions();
  const [filters, filter] = useFilters();
  const wideSide = useWide(1240);
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [side, setSide] = useState<Side>(null);
  const [open, setOpen] = useState<Open>(null);
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);

  const drives = useApi('GET /api/drive');
  const home = drives.data?.own ?? drives.data?.house;
  const q = useDeferredValue((filters.q ?? '').trim());
  const tag = filters.tag ?? '';
  const view: DriveView =
    q !== '' || tag !== '' ? 'search' : views.has(filters.view ?? '') ? (filters.view as DriveView) : 'folder';
  const folderId = wantedFolder ?? home?.rootId ?? '';
  const sort = sorts.find((each) => each === filters.sort) ?? 'name';
  const descending = filters.order === 'desc';
  const grid = filters.layout === 'grid';
  const shown = useShownFiles(view, folderId, sort, descending, q, tag);
  const chosen = shown.items.filter(({ id }) => selection.ids.has(id));
  const [only] = chosen.length === 1 ? chosen : [];
  const mayWrite = view === 'folder' && (shown.folder?.may.includes('write') ?? false);
  const opened = useApi(
    'GET /api/drive/nodes/:id',
    { params: { id: filters.open ?? '' } },
    { enabled: Boolean(filters.open), staleTime: 2_000 },
  );

  useEffect(() => uploadQueue.onArrival(() => void refreshDrive(queries)), [queries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place, another selection
  useEffect(() => {
    setSelection(nothingSelected);
    setRenaming(null);
  }, [view, folderId]);

  const upload = (found: readonly TreeFile[], parentId = folderId) => {
    if (found.length > 0) uploadQueue.add(parentId, found);
  };
  const hovering = useDriveDrop(mayWrite, upload);
  const go = (id: string) =>
    void navigate({
      to: '/drive/$folder',
      params: { folder: id } as never,
      search: { layout: filters.layout, sort: filters.sort, order: filters.order } as never,
    });
  const openNode = (node: DriveNodeAnswer) => {
    if (view === 'trash') return;
    if (node.kind === 'folder') go(node.id);
    else filter({ open: node.id });
  };
  const dropOn = (target: string, transfer: DataTransfer) => {
    const ids = transfer.getData(dragType).split('\n').filter(Boolean);
    if (ids.length > 0) void actions.move(ids, target);
    else void readDrop(transfer).then((found) => upload(found, target));
  };
  const ask = async (id: string) => {
    try {
      const { conversation } = await myriad.call('POST /api/drive/nodes/:id/ask', { params: { id } });
      setSide({ kind: 'ask', id: conversation.id });
    } catch (error) {
      tell(sentenceOf(error));
    }
  };
  const ids = chosen.map(({ id }) => id);
  const all = (what: 'write' | 'share') => chosen.length > 0 && chosen.every(({ may }) => may.includes(what));

  const trashMenu: readonly (MenuItem | null)[] = [
    { key: 'restore', label: say('restore'), disabled: ids.length === 0, onSelect: () => void actions.restore(ids) },
    { key: 'forEver', label: say('forEver'), danger: true, disabled: !only, onSelect: () => setOpen('forEver') },
  ];
  const fileMenu: readonly (MenuItem | null)[] = [
    { key: 'open', label: sayCommon('open'), disabled: !only, onSelect: () => only && openNode(only) },
    {
      key: 'download',
      label: say('download'),
      disabled: only?.kind !== 'file',
      onSelect: () => only && window.open(contentUrl(only.id, '?download'), '_self'),
    },
    {
      key: 'ask',
      label: say(only?.kind === 'folder' ? 'askFolder' : 'askFile'),
      disabled: !only,
      onSelect: () => only && void ask(only.id),
    },
    null,
    {
      key: 'rename',
      label: say('rename'),
      disabled: !only || !all('write'),
      onSelect: () => setRenaming(only?.id ?? null),
    },
    { key: 'move', label: say('move'), disabled: !all('write'), onSelect: () => setOpen('move') },
    { key: 'copy', label: say('copyTo'), disabled: ids.length === 0, onSelect: () => setOpen('copy') },
    { key: 'share', label: say('share'), disabled: !only || !all('share'), onSelect: () => setOpen('share') },
    {
      key: 'details',
      label: say('details'),
      disabled: !only,
      onSelect: () => only && setSide({ kind: 'details', id: only.id }),
    },
    null,
    {
      key: 'trash',
      label: say('toTrash'),
      danger: true,
      disabled: !all('write'),
      onSelect: () => void actions.trash(ids),
    },
  ];
  const menu = view === 'trash' ? trashMenu : fileMenu;
  const sentence = {
    folder:
      shown.path.length > 1
        ? say('inFolder', { name: shown.path.at(-1)?.name ?? '' })
        : drives.data && folderId === drives.data.house.rootId
          ? say('house')
          : shown.path.length === 1 && shown.path[0]?.name
            ? say('inFolder', { name: shown.path[0].name })
            : say('sentence', { count: home?.files ?? 0 }),
    shared: say('sharedSentence'),
    week: say('weekSentence'),
    duplicates:
      shown.wastedBytes > 0
        ? say('duplicatesSentence', { bytes: format.bytes(shown.wastedBytes) })
        : say('noDuplicates'),
    trash: say('trashSentence'),
    search: tag === '' ? say('searchSentence', { query: q }) : say('tagSentence', { tag }),
  }[view];
  const quota =
    view === 'folder' && home
      ? say('used', { used: format.bytes(home.usedBytes), limit: format.bytes(home.limitBytes) })
      : '';

  const sideContent =
    side?.kind === 'ask' ? <AskPanel conversation={side.id} /> : side ? <Details key={side.id} id={side.id} /> : null;

  return (
    <PageFrame
      wide
      sentence={sentence}
      under={quota}
      actions={
        <>
          {mayWrite && (
            <>
              <Button look="primary" onClick={() => files.current?.click()}>
                {say('upload')}
              </Button>
              <Button onClick={() => setOpen('folder')}>{say('newFolder')}</Button>
            </>
          )}
          {view === 'folder' && shown.folder && (
            <Button onClick={() => shown.folder && void ask(shown.folder.id)}>{say('askFolder')}</Button>
          )}
          {view === 'trash' && shown.items.length > 0 && (
            <Button onClick={() => setOpen('emptyTrash')}>{say('emptyTrashAction')}</Button>
          )}
          <Menu
            trigger={<IconButton icon="more" label={sayCommon('more')} />}
            items={[
              {
                key: 'folder',
                label: say('uploadFolder'),
                disabled: !mayWrite,
                onSelect: () => folders.current?.click(),
              },
              { key: 'connect', label: say('connect'), onSelect: () => setOpen('connect') },
            ]}
          />
          <input
            ref={files}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              upload(readPicked(event.target.files ?? []));
              event.target.value = '';
            }}
          />
          <input
            ref={folders}
            type="file"
            hidden
            {...{ webkitdirectory: '' }}
            onChange={(event) => {
              upload(readPicked(event.target.files ?? []));
              event.target.value = '';
            }}
          />
        </>
      }
    >
      <Places view={view} folderId={folderId} rootId={shown.path[0]?.id ?? folderId} drives={drives.data} />
      <div
        className={`grid items-start gap-5 ${side && wideSide ? 'grid-cols-[minmax(0,1fr)_380px]' : 'grid-cols-[minmax(0,1fr)]'}`}
      >
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <div className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-2 md:grid-cols-[minmax(0,1fr)_150px_auto_auto]">
            <div className="col-span-3 md:col-span-1">
              <TextField
                quiet
                type="search"
                label={say('find')}
                placeholder={say('find')}
                value={filters.q ?? ''}
                onChange={(event) => filter({ q: event.target.value, tag: '' })}
              />
            </div>
            <SelectField
              quiet
              label={say('sortBy')}
              value={sort}
              disabled={view !== 'folder'}
              onChange={(event) => filter({ sort: event.target.value })}
              options={sorts.map((value) => ({ value, label: say(`sort_${value}`) }))}
            />
            <Button
              look="quiet"
              disabled={view !== 'folder'}
              onClick={() => filter({ order: descending ? '' : 'desc' })}
              className="justify-self-start"
            >
              {say(descending ? 'descending' : 'ascending')}
            </Button>
            <Choices
              label={say('layout')}
              value={grid ? 'grid' : 'list'}
              onChange={(layout) => filter({ layout: layout === 'grid' ? 'grid' : '' })}
              options={[
                { value: 'list', label: say('asList') },
                { value: 'grid', label: say('asGrid') },
              ]}
            />
          </div>
          {view === 'folder' && shown.path.length > 1 && (
            <nav aria-label={say('breadcrumbs')}>
              <ol className="flex flex-wrap items-center gap-1 text-soft">
                {shown.path.map(({ id, name }, at) => (
                  <Crumb
                    key={id}
                    id={id}
                    name={name || say(drives.data?.house.rootId === id ? 'house' : 'own')}
                    last={at === shown.path.length - 1}
                    onDrop={dropOn}
                  />
                ))}
              </ol>
            </nav>
          )}
          <ProblemNote error={drives.error ?? shown.error} onRetry={shown.retry} />
          <Card flush>
            {shown.pending && !shown.error && <Waiting label={sayCommon('loading')} rows={6} />}
            {!shown.pending && shown.items.length === 0 && shown.texts.length === 0 && (
              <Empty
                title={
                  view === 'search'
                    ? sayCommon('nothingFound', { query: q || tag })
                    : view === 'trash'
                      ? say('emptyTrash')
                      : view === 'shared'
                        ? say('emptyShared')
                        : view === 'week'
                          ? say('emptyWeek')
                          : view === 'duplicates'
                            ? say('noDuplicates')
                            : say('emptyFolder')
                }
                action={
                  mayWrite && (
                    <Button look="primary" onClick={() => files.current?.click()}>
                      {say('upload')}
                    </Button>
                  )
                }
              >
                {mayWrite && say('emptyFolderUnder')}
              </Empty>
            )}
            {shown.items.length > 0 && (
              <>
                {view === 'search' && shown.texts.length > 0 && (
                  <h2 className="px-4 pt-3 pb-1 text-small font-medium text-soft">{say('namesFound')}</h2>
                )}
                <FileList
                  label={say('files')}
                  items={shown.items}
                  grid={grid}
                  selection={selection}
                  onSelect={setSelection}
                  onOpen={openNode}
                  onRename={(node) => node.may.includes('write') && setRenaming(node.id)}
                  renaming={renaming}
                  onRenamed={(name) => {
                    if (name !== null && renaming !== null) void actions.rename(renaming, name);
                    setRenaming(null);
                  }}
                  onDelete={() => {
                    if (view === 'trash') setOpen(only ? 'forEver' : null);
                    else if (all('write')) void actions.trash(ids);
                  }}
                  onUp={() => {
                    const above = shown.path.at(-2);
                    if (above) go(above.id);
                  }}
                  onDropOn={dropOn}
                  menu={menu}
                  more={shown.more}
                  onMore={shown.onMore}
                />
              </>
            )}
            {view === 'search' && shown.texts.length > 0 && (
              <TextHits hits={shown.texts} onOpen={(id) => filter({ open: id })} />
            )}
          </Card>
        </div>
        {side && wideSide && (
          <aside
            aria-label={say(side.kind === 'ask' ? 'ask' : 'details')}
            className="sticky top-4 grid max-h-[calc(100dvh-32px)] grid-rows-[auto_minmax(0,1fr)] overflow-hidden rounded-card border border-line bg-card"
          >
            <div className="flex items-center justify-between py-1 pr-1 pl-4">
              <p className="text-small font-medium text-soft">{say(side.kind === 'ask' ? 'ask' : 'details')}</p>
              <IconButton icon="close" label={sayCommon('close')} onClick={() => setSide(null)} />
            </div>
            <div className={side.kind === 'ask' ? 'h-[70dvh] min-h-0' : 'scrollbar-quiet overflow-y-auto px-4 pb-5'}>
              {sideContent}
            </div>
          </aside>
        )}
      </div>
      {side && !wideSide && (
        <Dialog side open onClose={() => setSide(null)} title={say(side.kind === 'ask' ? 'ask' : 'details')}>
          {side.kind === 'ask' ? <div className="-mx-5 -mb-5 h-full">{sideContent}</div> : sideContent}
        </Dialog>
      )}
      {hovering && (
        <div className="pointer-events-none fixed inset-3 z-30 grid place-items-center rounded-card border-2 border-dashed border-data bg-[color-mix(in_srgb,var(--paper)_80%,transparent)] text-[16px] font-medium">
          {say('dropHere', { name: shown.path.at(-1)?.name || say('own') })}
        </div>
      )}
      {chosen.length > 0 && (
        // Over the page, not in it: rows that move under a double click would open the wrong file.
        <div className="pointer-events-none fixed inset-x-3 bottom-20 z-20 flex justify-center min-[900px]:bottom-6 min-[900px]:left-[236px]">
          <div
            role="toolbar"
            aria-label={say('selected', { count: chosen.length })}
            className="scrollbar-quiet pointer-events-auto flex max-w-full items-center gap-0.5 overflow-x-auto rounded-card border border-line bg-card py-1 pr-1 pl-4 shadow-over"
          >
            <p className="mr-1 font-medium whitespace-nowrap" role="status">
              {say('selected', { count: chosen.length })}
            </p>
            {menu.map(
              (item) =>
                item &&
                !item.disabled && (
                  <Button
                    key={item.key}
                    look="quiet"
                    onClick={item.onSelect}
                    className={`px-2 ${item.danger ? 'text-bad' : ''}`}
                  >
                    {item.label}
                  </Button>
                ),
            )}
            <IconButton icon="close" label={say('clear')} onClick={() => setSelection(nothingSelected)} />
          </div>
        </div>
      )}
      <UploadTray />
      {filters.open && opened.data && (
        <Preview
          node={opened.data.node}
          neighbours={shown.items.filter((node) => fileKind(node) !== 'folder')}
          onShow={(id) => filter({ open: id })}
          onClose={() => filter({ open: '' })}
        />
      )}
      {(open === 'move' || open === 'copy') && (
        <FolderPicker
          start={folderId || (home?.rootId ?? '')}
          action={open}
          onClose={() => setOpen(null)}
          onPick={(target) => {
            setOpen(null);
            void (open === 'move' ? actions.move(ids, target) : actions.copy(ids, target));
          }}
        />
      )}
      {open === 'share' && only && <ShareDialog node={only} onClose={() => setOpen(null)} />}
      {open === 'folder' && (
        <NewFolderDialog onClose={() => setOpen(null)} onCreate={(name) => actions.createFolder(folderId, name)} />
      )}
      {open === 'connect' && <ConnectNote onClose={() => setOpen(null)} />}
      <ConfirmByName
        open={open === 'forEver' && only !== undefined}
        onClose={() => setOpen(null)}
        title={say('forEverTitle')}
        consequence={say('forEverConsequence', { name: only?.name ?? '' })}
        name={only?.name ?? ''}
        action={say('forEver')}
        onConfirm={() => only && void actions.deleteForEver(only.id, only.name)}
      />
      <ConfirmByName
        open={open === 'emptyTrash'}
        onClose={() => setOpen(null)}
        title={say('emptyTrashTitle')}
        consequence={say('emptyTrashConsequence')}
        name={say('trashName')}
        action={say('emptyTrashAction')}
        onConfirm={() => void actions.emptyTrash()}
      />
    </PageFrame>
  );
}

/** A folder above; things can be dropped on it. */
function Crumb({
  id,
  name,
  last,
  onDrop,
}: {
  readonly id: string;
  readonly name: string;
  readonly last: boolean;
  readonly onDrop: (folderId: string, transfer: DataTransfer) => void;
}) {
  const [over, setOver] = useState(false);
  return (
    <li className="flex min-w-0 items-center gap-1">
      {last ? (
        <span aria-current="page" className="truncate px-1 text-ink">
          {name}
        </span>
      ) : (
        <Link
          to="/drive/$folder"
          params={{ folder: id } as never}
          className={`truncate rounded-[4px] px-1 hover:text-ink hover:underline ${over ? 'bg-data-soft' : ''}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            setOver(false);
            onDrop(id, event.dataTransfer);
          }}
        >
          {name}
        </Link>
      )}
      {!last && <span aria-hidden="true">›</span>}
    </li>
  );
}
