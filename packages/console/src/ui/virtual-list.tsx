import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * A long list that scrolls with the page: only what is near the window is in the document, and the next rows are asked for
 * before their place is reached.
 *
 * @param estimatePx Height of a row before it is measured.
 */
export function VirtualList<T>({
  label,
  items,
  itemKey,
  estimatePx,
  more,
  onMore,
  children,
}: {
  readonly label: string;
  readonly items: readonly T[];
  readonly itemKey: (item: T) => string;
  readonly estimatePx: number;
  /** Whether the server has more. */
  readonly more: boolean;
  readonly onMore: () => void;
  readonly children: (item: T) => ReactNode;
}) {
  const list = useRef<HTMLUListElement>(null);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => estimatePx,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : itemKey(item);
    },
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks when the end comes near, not when `onMore` is made anew
  useEffect(() => {
    if (more && last >= items.length - 15) onMore();
  }, [more, last, items.length]);
  return (
    <ul ref={list} aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
      {rows.map((row) => {
        const item = items[row.index];
        return item === undefined ? null : (
          <li
            key={row.key}
            ref={virtual.measureElement}
            data-index={row.index}
            aria-setsize={more ? -1 : items.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
          >
            {children(item)}
          </li>
        );
      })}
    </ul>
  );
}
