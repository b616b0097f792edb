import { CopyButton } from './copy-button.tsx';

/** A snippet to copy. */
export function CodeSample({ title, code }: { readonly title: string; readonly code: string }) {
  return (
    <figure className="overflow-hidden rounded-card border border-line bg-card">
      <figcaption className="flex items-center justify-between border-b border-hair py-0.5 pr-1 pl-3 text-small text-soft">
        {title}
        <CopyButton read={() => code} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="scrollbar-quiet overflow-x-auto p-3 font-mono text-small">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
