import type { ReactNode, Ref } from 'react';

/** A part that scrolls by itself; reachable by keyboard, so it has a name. */
export function ScrollRegion({
  label,
  className = '',
  children,
  ref,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={ref} role="group" aria-label={label} tabIndex={0} className={`scrollbar-quiet ${className}`}>
      {children}
    </div>
  );
}
