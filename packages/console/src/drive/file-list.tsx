import { ContextMenu } from '@base-ui/react/context-menu';
import type { DriveNodeAnswer } from '@myriad/contracts';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type DragEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useFormat } from '../format/use-format.ts';
import { driveWords } from '../pages/drive/words.ts';
import { Icon } from '../ui/icon.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import { useWords } from '../words/define-words.ts';
import { fileIcon, fileKind } from './file-kind.ts';
import { contentUrl } from './preview.tsx';
import { keepListed, moveSelection, type Selection, selectAll, selectAt } from './selection.ts';

/** Type of what is dragged inside the page: ids, one a line. */
export const dragType = 'application/x-myriad-nodes';

export interface FileListProps {
  readonly label: string;
  readonly items: readonly DriveNodeAnswer[];
  readonly grid: boolean;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onOpen: (node: DriveNodeAnswer) => void;
  readonly onRename: (node: DriveNodeAnswer) => void;
  /** Whose name is being written. */
  readonly renaming: string | null;
  /** With the new name, or null when it stays. */
  readonly onRenamed: (name: string | null) => void;
  readonly onDelete: () => void;
  readonly onUp: () => void;
  /** Things of this list, or files from outside, dropped on a folder of it. */
  readonly onDropOn: (folderId: string, transfer: DataTransfer) => void;
  readonly menu: readonly (MenuItem | null)[];
  readonly more: boolean;
  readonly onMore: () => void;
}

const rowPx = 45;
const cellPx = 168;

/** Files as rows or as cards: only what is near the window is in the document. Worked by mouse, by keyboard and by touch. */
export function FileList(props: FileListProps) {
  const { label, items, grid, selection, onSelect, menu, more, onMore } = props;
  const list = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const order = items.map(({ id }) => id);
  const columns = grid ? Math.max(2, Math.floor(width / 160)) : 1;
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setWidth(box.clientWidth));
    watch.observe(box);
    setWidth(box.clientWidth);
    return () => watch.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: Math.ceil(items.length / columns),
    estimateSize: () => (grid ? cellPx : rowPx),
    overscan: 10,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height in the other layout
  useEffect(() => virtual.measure(), [grid, columns]);
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks when the end comes near, not when `onMore` is made anew
  useEffect(() => {
    if (more && (last + 1) * columns >= items.length - 30) onMore();
  }, [more, last, items.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the list changed, not when the selection did
  useEffect(() => {
    const kept = keepListed(selection, order);
    if (kept !== selection) onSelect(kept);
  }, [items]);

  const select = (next: Selection) => {
    onSelect(next);
    const at = next.active === null ? -1 : order.indexOf(next.active);
    if (at >= 0) virtual.scrollToIndex(Math.floor(at / columns), { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const keys = { shift: event.shiftKey, toggle: event.ctrlKey || event.metaKey };
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: columns,
      ArrowUp: -columns,
      ...(grid ? { ArrowRight: 1, ArrowLeft: -1 } : {}),
      Home: -items.length,
      End: items.length,
      PageDown: columns * 10,
      PageUp: -columns * 10,
    };
    const step = steps[event.key];
    const active = items.find(({ id }) => id === selection.active);
    if (step !== undefined) select(moveSelection(selection, order, step, keys));
    else if (event.key === 'a' && keys.toggle) select(selectAll(order, selection));
    else if (event.key === 'Enter' && active) props.onOpen(active);
    else if (event.key === ' ' && active)
      onSelect(selectAt(selection, order, active.id, { shift: false, toggle: keys.toggle }));
    else if (event.key === 'F2' && active) props.onRename(active);
    else if (event.key === 'Delete' && selection.ids.size > 0) props.onDelete();
    else if (event.key === 'Backspace') props.onUp();
    else if (event.key === 'Escape' && selection.ids.size > 0) onSelect({ ...selection, ids: new Set() });
    else return;
    event.preventDefault();
  };
  const active = selection.active !== null && order.includes(selection.active) ? selection.active : null;
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={
          <div
            ref={list}
            role="listbox"
            aria-label={label}
            aria-multiselectable="true"
            aria-activedescendant={active ? `file-${active}` : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
            className="group relative rounded-card outline-offset-[-2px]"
            style={{ height: virtual.getTotalSize() }}
          />
        }
      >
        {rows.map((row) => (
          <div
            key={row.key}
            role="presentation"
            className={`absolute inset-x-0 top-0 ${grid ? 'grid gap-2 px-2 pt-2' : ''}`}
            style={{
              height: row.size,
              transform: `translateY(${row.start - virtual.options.scrollMargin}px)`,
              ...(grid ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : {}),
            }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((node, at) => (
              <Entry
                key={node.id}
                {...props}
                node={node}
                order={order}
                position={row.index * columns + at + 1}
                active={node.id === active}
              />
            ))}
          </div>
        ))}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-50 outline-none">
          <ContextMenu.Popup className="min-w-48 rounded-card border border-line bg-card p-1 shadow-over outline-none">
            {menu.map((item, index) =>
              item === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity
                <ContextMenu.Separator key={`line-${index}`} className="mx-2 my-1 h-px bg-hair" />
              ) : (
                <ContextMenu.Item
                  key={item.key}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                  className={`flex min-h-8 cursor-pointer items-center rounded-[6px] px-2.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hair ${item.danger ? 'text-bad' : ''}`}
                >
                  {item.label}
                </ContextMenu.Item>
              ),
            )}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Entry({
  node,
  order,
  position,
  active,
  grid,
  items,
  more,
  selection,
  onSelect,
  onOpen,
  onDropOn,
  renaming,
  onRenamed,
}: FileListProps & {
  readonly node: DriveNodeAnswer;
  readonly order: readonly string[];
  readonly position: number;
  readonly active: boolean;
}) {
  const [over, setOver] = useState(false);
  const name =
    renaming === node.id ? (
      <NameInput name={node.name} isFolder={node.kind === 'folder'} onDone={onRenamed} />
    ) : (
      <span className="min-w-0 truncate" title={node.name}>
        {node.name}
      </span>
    );
  const selected = selection.ids.has(node.id);
  const isFolder = node.kind === 'folder';
  const coarse = () => matchMedia('(pointer: coarse)').matches;
  const onClick = (event: MouseEvent) => {
    const keys = { shift: event.shiftKey, toggle: event.ctrlKey || event.metaKey };
    if (coarse() && selection.ids.size === 0) onOpen(node);
    else onSelect(selectAt(selection, order, node.id, coarse() ? { shift: false, toggle: true } : keys));
  };
  const onDragStart = (event: DragEvent) => {
    const ids = selected ? [...selection.ids] : [node.id];
    if (!selected) onSelect({ ids: new Set(ids), active: node.id, anchor: node.id });
    event.dataTransfer.setData(dragType, ids.join('\n'));
    event.dataTransfer.effectAllowed = 'move';
  };
  const takes = (event: DragEvent) =>
    isFolder && !selected && event.dataTransfer.types.some((type) => type === dragType || type === 'Files');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={`file-${node.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={more ? -1 : items.length}
      aria-posinset={position}
      draggable={renaming !== node.id}
      onClick={onClick}
      onDoubleClick={() => !coarse() && onOpen(node)}
      onContextMenu={() => {
        if (!selected) onSelect({ ids: new Set([node.id]), active: node.id, anchor: node.id });
      }}
      onDragStart={onDragStart}
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        onDropOn(node.id, event.dataTransfer);
      }}
      className={`cursor-default select-none ${grid ? 'rounded-[8px] border' : 'h-full border-b'} ${over ? 'border-data bg-data-soft' : selected ? 'border-line bg-data-soft' : `${grid ? 'border-line' : 'border-hair'} hover:bg-hair`} ${active ? 'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-data' : ''}`}
    >
      {grid ? <Card node={node} name={name} /> : <Row node={node} name={name} />}
    </div>
  );
}

/** The name, written over: Enter keeps it, Escape does not. What stands before the ending is selected. */
function NameInput({
  name,
  isFolder,
  onDone,
}: {
  readonly name: string;
  readonly isFolder: boolean;
  readonly onDone: (name: string | null) => void;
}) {
  const say = useWords(driveWords);
  const box = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    const dot = isFolder ? -1 : name.lastIndexOf('.');
    box.current?.focus();
    box.current?.setSelectionRange(0, dot > 0 ? dot : name.length);
  }, [name, isFolder]);
  const end = (kept: boolean) => {
    if (done.current) return;
    done.current = true;
    const value = box.current?.value.trim() ?? '';
    onDone(kept && value !== '' && value !== name ? value : null);
  };
  return (
    <input
      ref={box}
      aria-label={say('newName')}
      defaultValue={name}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') end(true);
        else if (event.key === 'Escape') end(false);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={() => end(true)}
      className="min-w-0 flex-1 rounded-[4px] border border-data bg-card px-1.5 py-0.5 text-ink select-text outline-none"
    />
  );
}

function Marks({ node }: { readonly node: DriveNodeAnswer }) {
  const say = useWords(driveWords);
  const failed = node.index?.status === 'failed';
  return (
    <>
      {node.shared && (
        <span className="text-soft" title={say('isShared')}>
          <Icon name="person" size={14} />
          <span className="sr-only">{say('isShared')}</span>
        </span>
      )}
      {failed && (
        <span className="text-wait" title={`${say('index_failed')}: ${node.index?.reason ?? ''}`}>
          <Icon name="wrong" size={14} />
          <span className="sr-only">{say('index_failed')}</span>
        </span>
      )}
    </>
  );
}

function Row({ node, name }: { readonly node: DriveNodeAnswer; readonly name: ReactNode }) {
  const format = useFormat();
  return (
    <div className="grid h-full grid-cols-[24px_minmax(0,1fr)_auto] items-center gap-2 px-4 md:grid-cols-[24px_minmax(0,1fr)_180px_96px_120px]">
      <span className={node.kind === 'folder' ? 'text-data' : 'text-soft'}>
        <Icon name={fileIcon(node)} size={18} />
      </span>
      <span className="flex min-w-0 items-center gap-2">
        {name}
        <Marks node={node} />
      </span>
      <span className="hidden truncate text-small text-soft md:block">
        {node.tags.map(({ tag }) => tag).join(' · ')}
      </span>
      <span className="hidden text-right text-soft md:block">
        {node.kind === 'file' ? format.bytes(node.sizeBytes) : ''}
      </span>
      <time
        dateTime={new Date(node.updatedAt).toISOString()}
        title={format.time(node.updatedAt)}
        className="text-right text-soft"
      >
        {format.ago(node.updatedAt)}
      </time>
    </div>
  );
}

function Card({ node, name }: { readonly node: DriveNodeAnswer; readonly name: ReactNode }) {
  const format = useFormat();
  const picture = fileKind(node) === 'image' && node.sizeBytes < 8 * 1024 * 1024;
  return (
    <div className="grid h-[150px] grid-rows-[minmax(0,1fr)_auto] p-2">
      <div
        className={`grid place-items-center overflow-hidden rounded-[6px] bg-paper ${node.kind === 'folder' ? 'text-data' : 'text-soft'}`}
      >
        {picture ? (
          <img src={contentUrl(node.id)} alt="" loading="lazy" draggable={false} className="size-full object-cover" />
        ) : (
          <Icon name={fileIcon(node)} size={34} />
        )}
      </div>
      <div className="pt-1.5">
        <p className="flex items-center gap-1.5">
          {name}
          <Marks node={node} />
        </p>
        <p className="text-small text-soft">
          {node.kind === 'file' ? format.bytes(node.sizeBytes) : format.ago(node.updatedAt)}
        </p>
      </div>
    </div>
  );
}
