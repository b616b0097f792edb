import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import type { QuantumFailure } from '@myriad/contracts';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { qasm, qasmColours } from './qasm-language.ts';

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--card)', color: 'var(--ink)', fontSize: '13px', height: '360px' },
  '&.cm-focused': { outline: '2px solid var(--data)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace), monospace', lineHeight: '21px', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--soft)', borderRight: '1px solid var(--hair)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--hair) 55%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--data-soft) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--line)' },
});

/** An editor of circuits with the parser's fault marked where it is. Its text is set again only when `value` differs. */
export default function QasmEditor({
  label,
  value,
  failure,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly failure: QuantumFailure | null;
  readonly onChange: (text: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later texts come below
  useEffect(() => {
    if (!place.current) return;
    view.current = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        basicSetup,
        qasm,
        qasmColours,
        lintGutter(),
        theme,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current(update.state.doc.toString());
        }),
      ],
    });
    return () => view.current?.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const text = editor.state.doc;
    if (failure?.line == null) return editor.dispatch(setDiagnostics(editor.state, []));
    const line = text.line(Math.min(Math.max(1, failure.line), text.lines));
    const from = Math.min(line.from + Math.max(0, (failure.column ?? 1) - 1), line.to);
    editor.dispatch(
      setDiagnostics(editor.state, [
        { from, to: Math.max(from, line.to), severity: 'error', message: failure.message },
      ]),
    );
  }, [failure]);
  return <div ref={place} className="overflow-hidden rounded-card border border-line" />;
}
