import { Popover } from '@base-ui/react/popover';
import { type ReactNode, useState } from 'react';
import { useWords } from '../words/define-words.ts';
import { cockpitWords } from './words.ts';

/** A figure that explains itself on hover, focus and press. `explain` is rendered only while it is open. */
export function Explain({
  name,
  children,
  explain,
  className = '',
}: {
  /** What the figure is, for screen readers. */
  readonly name: string;
  readonly children: ReactNode;
  readonly explain: () => ReactNode;
  readonly className?: string;
}) {
  const say = useWords(cockpitWords);
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        openOnHover
        delay={250}
        className={`relative cursor-help rounded-[4px] text-inherit underline decoration-line decoration-dotted decoration-1 underline-offset-4 hover:decoration-data ${className}`}
      >
        {children}
        <span className="sr-only"> {say('explain', { what: name })}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className="z-50">
          <Popover.Popup className="grid w-[min(380px,calc(100vw-24px))] gap-1.5 rounded-card border border-line bg-card px-4 py-3 text-base font-normal shadow-over outline-none print:hidden">
            <Popover.Title className="text-[13px] font-semibold">{name}</Popover.Title>
            {open && explain()}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
