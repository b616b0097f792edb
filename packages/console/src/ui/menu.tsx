import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

/** A menu opened by `trigger`, a button element. `null` between items draws a line. */
export function Menu({
  trigger,
  items,
  align = 'end',
  side = 'bottom',
}: {
  readonly trigger: ReactElement;
  readonly items: readonly (MenuItem | null)[];
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="min-w-44 rounded-card border border-line bg-card p-1 shadow-over outline-none">
            {items.map((item, index) =>
              item === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity
                <Base.Separator key={`line-${index}`} className="mx-2 my-1 h-px bg-hair" />
              ) : (
                <Base.Item
                  key={item.key}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                  className={`flex min-h-8 cursor-pointer items-center rounded-[6px] px-2.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hair ${item.danger ? 'text-bad' : ''}`}
                >
                  {item.label}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
