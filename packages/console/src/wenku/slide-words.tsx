import { inlineRuns } from '@myriad/builtin/wenku';
import { type CSSProperties, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { Formula } from './formula.tsx';

/** Words of a slide with their bold, code and formulas. */
export function SlideRuns({ text }: { readonly text: string }) {
  return inlineRuns(text).map((run, at) => {
    const key = `${at}:${run.text}`;
    if (run.math) return <Formula key={key} latex={run.text} />;
    if (run.code) return <code key={key}>{run.text}</code>;
    return run.bold ? <strong key={key}>{run.text}</strong> : <span key={key}>{run.text}</span>;
  });
}

export interface EditableProps {
  readonly text: string;
  /** What it is, for screen readers, and shown while it is empty. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onKey?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  readonly style?: CSSProperties;
  /** Begins as a field that has the focus. */
  readonly active?: boolean;
  readonly onLeave?: () => void;
}

/** Words that are read as they will look, and edited where they stand when they are clicked or focused. */
export function EditableWords({ text, label, onChange, onKey, style, active = false, onLeave }: EditableProps) {
  const [editing, setEditing] = useState(active);
  const field = useRef<HTMLTextAreaElement>(null);
  // Before the next key: what is typed at once after Enter belongs to the new field.
  useLayoutEffect(() => {
    if (active) setEditing(true);
  }, [active]);
  useLayoutEffect(() => {
    const area = field.current;
    if (!editing || !area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, [editing]);
  if (editing)
    return (
      <textarea
        ref={field}
        aria-label={label}
        value={text}
        rows={1}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') field.current?.blur();
          onKey?.(event);
        }}
        onBlur={() => {
          setEditing(false);
          onLeave?.();
        }}
        className="wenku-field block w-full resize-none overflow-hidden bg-transparent p-0 outline-2 outline-offset-4 outline-current"
        style={style}
      />
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may not hold the blocks of formatted words
    <div
      role="button"
      tabIndex={0}
      aria-label={text === '' ? label : `${label}: ${text}`}
      onFocus={() => setEditing(true)}
      onClick={() => setEditing(true)}
      onKeyDown={() => setEditing(true)}
      className="min-h-[1em] w-full cursor-text whitespace-pre-wrap"
      style={style}
    >
      {text === '' ? <span className="opacity-70">{label}</span> : <SlideRuns text={text} />}
    </div>
  );
}
