import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { ManifestIssue } from '@myriad/contracts';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--card)', color: 'var(--ink)', fontSize: '13px', minHeight: '320px' },
  '&.cm-focused': { outline: '2px solid var(--data)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace), monospace', lineHeight: '21px' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--soft)', borderRight: '1px solid var(--hair)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--hair) 55%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--data-soft) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--hair)', color: 'var(--soft)', border: '0' },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--data)' },
    { tag: [tags.string, tags.content], color: 'var(--ink)' },
    { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--good)' },
    { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--soft)' },
  ]),
);

/** An editor of YAML with the server's findings marked where they are. Its text is set again only when `value` differs. */
export default function YamlEditor({
  label,
  value,
  issues,
  readOnly = false,
  goTo,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly issues: readonly ManifestIssue[];
  readonly readOnly?: boolean;
  /** A finding to bring the cursor to. */
  readonly goTo?: ManifestIssue | null;
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
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          yaml(),
          lintGutter(),
          theme,
          colours,
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current(update.state.doc.toString());
          }),
        ],
      }),
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
    editor.dispatch(
      setDiagnostics(
        editor.state,
        issues.map((issue) => diagnosticOf(issue, editor.state.doc)),
      ),
    );
  }, [issues]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    editor.dispatch({ selection: { anchor: diagnosticOf(goTo, editor.state.doc).from }, scrollIntoView: true });
    editor.focus();
  }, [goTo]);
  return <div ref={place} className="overflow-hidden rounded-card border border-line" />;
}

function diagnosticOf(issue: ManifestIssue, text: Text): Diagnostic {
  const line = text.line(Math.min(Math.max(1, issue.line), text.lines));
  const from = Math.min(line.from + Math.max(0, issue.column - 1), line.to);
  return { from, to: Math.max(from, line.to), severity: issue.severity, message: `${issue.field}: ${issue.message}` };
}
