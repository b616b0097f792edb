import type { ReactNode } from 'react';

/** A page: one true sentence, what needs the reader, then the evidence. */
export function PageFrame({
  sentence,
  under,
  actions,
  children,
  wide = false,
}: {
  readonly sentence: ReactNode;
  /** A second, quieter sentence. */
  readonly under?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  return (
    <div className={`mx-auto w-full px-4 pt-6 pb-16 md:px-8 md:pt-10 ${wide ? 'max-w-[1320px]' : 'max-w-[1120px]'}`}>
      <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-[320px]">
          <h1 className="max-w-[32em] text-[22px] leading-[1.32] font-semibold tracking-[-0.012em] md:text-sentence">
            {sentence}
          </h1>
          {under && <p className="mt-1 max-w-[64em] text-soft">{under}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 pt-1">{actions}</div>}
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">{children}</div>
    </div>
  );
}

/** A sheet of paper on the page, with an optional heading and a note at its right. */
export function Card({
  title,
  note,
  children,
  flush = false,
}: {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  /** Lets a table or a list reach the edges. */
  readonly flush?: boolean;
}) {
  return (
    <section
      className={`min-w-0 rounded-card border border-line bg-card ${flush ? 'overflow-hidden' : 'px-[18px] py-4'}`}
    >
      {title && (
        <div
          className={`flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 ${flush ? 'px-[18px] pt-4 pb-1' : 'mb-2.5'}`}
        >
          <h2 className="text-[13px] font-semibold">{title}</h2>
          {note && <div className="text-[13px] text-soft">{note}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

/** An empty state teaches the next step, with one button. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-[46em] justify-items-center gap-2 px-6 py-12 text-center">
      <p className="text-[16px] font-medium">{title}</p>
      {children && <div className="text-soft">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

const tones = {
  good: 'bg-good-soft text-good',
  data: 'bg-data-soft text-data',
  wait: 'bg-wait-soft text-wait',
  bad: 'bg-decide-soft text-bad',
  idle: 'bg-idle-soft text-soft',
};

export type Tone = keyof typeof tones;

export function Chip({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span
      className={`inline-block rounded-full px-2 py-px text-center text-small font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

/** Rows that hold a place while something long loads; unseen for the first 300 ms. */
export function Waiting({ rows = 3, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="after-wait grid gap-3 p-[18px]">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike
        <div key={row} className="h-4 rounded bg-hair" style={{ width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** A list of facts: term and value. */
export function Facts({ items }: { readonly items: readonly (readonly [term: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(96px,auto)_1fr] gap-x-6 gap-y-1.5">
      {items.map(([term, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts keep their order
        <div key={index} className="contents">
          <dt className="text-soft">{term}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
