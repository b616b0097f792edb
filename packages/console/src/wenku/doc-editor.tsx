import type { Passage, WenkuDoc, WenkuNode } from '@myriad/contracts';
import { TableKit } from '@tiptap/extension-table';
import { type Editor, EditorContent, useEditor, useEditorState } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { useWords } from '../words/define-words.ts';
import { CiteDialog } from './cite-dialog.tsx';
import { CitationMark, MathBlock, MathInline, pictureOf } from './editor-nodes.tsx';
import { RewriteDialog } from './rewrite-dialog.tsx';
import { asPicture, chooseFile, sendBytes } from './send-bytes.ts';
import { wenkuWords } from './words.ts';

type Insert =
  | 'h1'
  | 'h2'
  | 'h3'
  | 'bullet'
  | 'number'
  | 'quote'
  | 'code'
  | 'table'
  | 'image'
  | 'math'
  | 'inlineMath'
  | 'rule'
  | 'cite';
const inserts: readonly Insert[] = [
  'h1',
  'h2',
  'h3',
  'bullet',
  'number',
  'table',
  'image',
  'math',
  'inlineMath',
  'cite',
  'quote',
  'code',
  'rule',
];

interface Slash {
  readonly from: number;
  readonly query: string;
  readonly left: number;
  readonly top: number;
}

/** A document's text: what is typed is saved by the page; `/` inserts, a selection can be rewritten. */
export function DocEditor({
  doc,
  documentId,
  generation,
  onChange,
  generates,
}: {
  readonly doc: WenkuDoc;
  readonly documentId: string;
  readonly generation: number;
  readonly onChange: ((doc: WenkuDoc) => void) | null;
  readonly generates: boolean;
}) {
  const say = useWords(wenkuWords);
  const [slash, setSlash] = useState<Slash | null>(null);
  const [chosen, setChosen] = useState(0);
  const [citing, setCiting] = useState(false);
  const [rewriting, setRewriting] = useState<{ from: number; to: number; nodes: readonly WenkuNode[] } | null>(null);
  const keys = useRef<(event: KeyboardEvent) => boolean>(() => false);
  const editor = useEditor(
    {
      extensions: [
        StarterKit.configure({
          heading: { levels: [1, 2, 3, 4, 5, 6] },
          link: {
            openOnClick: false,
            autolink: true,
            defaultProtocol: 'https',
            protocols: ['http', 'https', 'mailto'],
          },
        }),
        TableKit.configure({ table: { resizable: false } }),
        MathBlock,
        MathInline,
        pictureOf(documentId),
        CitationMark,
      ],
      content: doc as object,
      editable: onChange !== null,
      editorProps: {
        attributes: {
          'aria-label': say('text'),
          role: 'textbox',
          'aria-multiline': 'true',
          class: 'wenku-doc answer',
          spellcheck: 'true',
        },
        handleKeyDown: (_view, event) => keys.current(event),
        handlePaste: (_view, event) => takeFiles(event.clipboardData?.files),
        handleDrop: (_view, event) => takeFiles((event as DragEvent).dataTransfer?.files),
      },
      onUpdate: ({ editor: here }) => {
        onChange?.(here.getJSON() as unknown as WenkuDoc);
        setSlash(slashOf(here));
        setChosen(0);
      },
      onSelectionUpdate: ({ editor: here }) => setSlash(slashOf(here)),
    },
    [documentId],
  );
  const taken = useRef(generation);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a replaced content is taken over, not one's own typing
  useEffect(() => {
    if (!editor || taken.current === generation) return;
    taken.current = generation;
    editor.commands.setContent(doc as object, { emitUpdate: false });
  }, [editor, generation]);
  const editable = onChange !== null;
  useEffect(() => {
    editor?.setEditable(editable, false);
  }, [editor, editable]);

  const addPicture = async (file: File) => {
    try {
      const image = await sendBytes<'POST /api/wenku/:id/images'>(
        `/api/wenku/${documentId}/images`,
        await asPicture(file),
      );
      const attrs = { src: `wenku:${image.hash}`, alt: file.name.replace(/\.[a-z0-9]+$/i, '') };
      editor?.chain().focus().insertContent({ type: 'image', attrs }).run();
    } catch (error) {
      tell(sentenceOf(error));
    }
  };
  function takeFiles(files: FileList | undefined): boolean {
    const pictures = [...(files ?? [])].filter(({ type }) => type.startsWith('image/'));
    for (const picture of pictures) void addPicture(picture);
    return pictures.length > 0;
  }

  const words = slash ? inserts.filter((name) => matches(say(`insert_${name}`), name, slash.query)) : [];
  const insert = (name: Insert) => {
    if (!editor) return;
    const chain = editor.chain().focus();
    if (slash) chain.deleteRange({ from: slash.from, to: editor.state.selection.from });
    setSlash(null);
    if (name === 'h1' || name === 'h2' || name === 'h3') chain.setNode('heading', { level: Number(name[1]) }).run();
    else if (name === 'bullet') chain.toggleBulletList().run();
    else if (name === 'number') chain.toggleOrderedList().run();
    else if (name === 'quote') chain.toggleBlockquote().run();
    else if (name === 'code') chain.toggleCodeBlock().run();
    else if (name === 'table') chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run();
    else if (name === 'rule') chain.setHorizontalRule().run();
    else if (name === 'math' || name === 'inlineMath') {
      chain.run();
      const latex = prompt(say('formula'), 'E = mc^2');
      if (latex)
        editor
          .chain()
          .focus()
          .insertContent({ type: name === 'math' ? 'mathBlock' : 'mathInline', attrs: { latex } })
          .run();
    } else if (name === 'image') {
      chain.run();
      chooseFile('image/*', addPicture);
    } else {
      chain.run();
      setCiting(true);
    }
  };
  keys.current = (event) => {
    if (!slash || words.length === 0) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : words.length - 1)) % words.length);
    else if (event.key === 'Enter' || event.key === 'Tab') insert(words[Math.min(chosen, words.length - 1)] as Insert);
    else if (event.key === 'Escape') setSlash(null);
    else return false;
    return true;
  };
  if (!editor) return null;
  return (
    <div className="min-w-0">
      {onChange && (
        <Toolbar
          editor={editor}
          onInsert={insert}
          onRewrite={
            generates
              ? () => {
                  const { from, to } = editor.state.selection;
                  const cut = editor.state.doc.slice(from, to).toJSON() as { content?: readonly WenkuNode[] } | null;
                  if (cut?.content) setRewriting({ from, to, nodes: asBlocks(cut.content) });
                }
              : null
          }
        />
      )}
      <EditorContent editor={editor} />
      {onChange && editor.isEmpty && <p className="text-soft">{say('slashHint')}</p>}
      {slash && words.length > 0 && (
        <div
          role="listbox"
          aria-label={say('toolbar')}
          className="scrollbar-quiet fixed z-50 max-h-72 w-60 overflow-y-auto rounded-card border border-line bg-card p-1 shadow-over"
          style={{ left: Math.min(slash.left, innerWidth - 250), top: Math.min(slash.top + 6, innerHeight - 300) }}
        >
          {words.map((name, at) => (
            <div
              key={name}
              role="option"
              tabIndex={-1}
              aria-selected={at === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                insert(name);
              }}
              className="flex min-h-8 cursor-pointer items-center rounded-[6px] px-2.5 aria-selected:bg-hair"
            >
              {say(`insert_${name}`)}
            </div>
          ))}
        </div>
      )}
      {citing && (
        <CiteDialog
          onClose={() => setCiting(false)}
          onPick={(passage) => {
            setCiting(false);
            editor.chain().focus().insertContent(citationOf(passage)).run();
          }}
        />
      )}
      {rewriting && (
        <RewriteDialog
          documentId={documentId}
          nodes={rewriting.nodes}
          onClose={() => setRewriting(null)}
          onAccept={(nodes) => {
            const { from, to } = rewriting;
            const inline =
              nodes.length === 1 &&
              nodes[0]?.type === 'paragraph' &&
              editor.state.doc.resolve(from).sameParent(editor.state.doc.resolve(to));
            editor
              .chain()
              .focus()
              .insertContentAt({ from, to }, (inline ? (nodes[0]?.content ?? []) : nodes) as object[])
              .run();
            setRewriting(null);
          }}
        />
      )}
    </div>
  );
}

/** A selection within one paragraph is cut as bare words. */
const asBlocks = (nodes: readonly WenkuNode[]): readonly WenkuNode[] =>
  nodes.some(({ type }) => type === 'text') ? [{ type: 'paragraph', content: nodes }] : nodes;

const citationOf = ({ id, documentId, documentName, text, start, end, page }: Passage) => ({
  type: 'citation',
  attrs: { documentId, documentName, passageId: id, quote: text.slice(0, 300), start, end, page },
});

const matches = (title: string, name: string, query: string) =>
  title.toLowerCase().includes(query.toLowerCase()) || name.toLowerCase().startsWith(query.toLowerCase());

/** A slash that begins a paragraph, with what was typed after it. */
function slashOf(editor: Editor): Slash | null {
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.parent.type.name !== 'paragraph' || !editor.isEditable) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc');
  const query = /^\/([^\s/]{0,20})$/.exec(before)?.[1];
  if (query === undefined) return null;
  const place = editor.view.coordsAtPos($from.pos);
  return { from: $from.pos - before.length, query, left: place.left, top: place.bottom };
}

function Toolbar({
  editor,
  onInsert,
  onRewrite,
}: {
  readonly editor: Editor;
  readonly onInsert: (name: Insert) => void;
  readonly onRewrite: (() => void) | null;
}) {
  const say = useWords(wenkuWords);
  const look = useEditorState({
    editor,
    selector: ({ editor: here }) => ({
      bold: here.isActive('bold'),
      italic: here.isActive('italic'),
      underline: here.isActive('underline'),
      strike: here.isActive('strike'),
      code: here.isActive('code'),
      link: here.isActive('link'),
      table: here.isActive('table'),
      empty: here.state.selection.empty,
    }),
  });
  const marks = [
    ['bold', 'B', 'font-bold'],
    ['italic', 'I', 'italic'],
    ['underline', 'U', 'underline'],
    ['strike', 'S', 'line-through'],
    ['code', '‹›', 'font-mono'],
  ] as const;
  const button =
    'inline-grid size-8 place-items-center rounded-control text-soft hover:bg-hair hover:text-ink aria-pressed:bg-hair aria-pressed:text-ink';
  return (
    <div
      role="toolbar"
      aria-label={say('toolbar')}
      className="sticky top-0 z-10 mb-4 flex flex-wrap items-center gap-0.5 border-b border-line bg-paper py-1.5"
    >
      {marks.map(([name, letter, style]) => (
        <button
          key={name}
          type="button"
          aria-pressed={look[name]}
          aria-label={say(name)}
          title={say(name)}
          onClick={() => editor.chain().focus().toggleMark(name).run()}
          className={`${button} ${style}`}
        >
          {letter}
        </button>
      ))}
      <IconButton
        icon="external"
        label={say('link')}
        aria-pressed={look.link}
        onClick={() => {
          const href = prompt(say('linkAddress'), String(editor.getAttributes('link').href ?? 'https://'));
          if (href === '') editor.chain().focus().unsetLink().run();
          else if (href) editor.chain().focus().setLink({ href }).run();
        }}
      />
      <Menu
        align="start"
        trigger={<IconButton icon="plus" label={say('slashHint')} />}
        items={inserts.map((name) => ({ key: name, label: say(`insert_${name}`), onSelect: () => onInsert(name) }))}
      />
      {look.table && (
        <Menu
          align="start"
          trigger={
            <button type="button" className={`${button} w-auto! px-2`}>
              {say('insert_table')}
            </button>
          }
          items={[
            { key: 'row', label: say('rowAdd'), onSelect: () => editor.chain().focus().addRowAfter().run() },
            { key: 'column', label: say('columnAdd'), onSelect: () => editor.chain().focus().addColumnAfter().run() },
            null,
            { key: 'no-row', label: say('rowDelete'), onSelect: () => editor.chain().focus().deleteRow().run() },
            {
              key: 'no-column',
              label: say('columnDelete'),
              onSelect: () => editor.chain().focus().deleteColumn().run(),
            },
            {
              key: 'none',
              label: say('tableDelete'),
              danger: true,
              onSelect: () => editor.chain().focus().deleteTable().run(),
            },
          ]}
        />
      )}
      {onRewrite && (
        <button
          type="button"
          disabled={look.empty}
          onClick={onRewrite}
          className="ml-auto min-h-8 rounded-control px-3 text-soft hover:bg-hair hover:text-ink disabled:opacity-60"
        >
          {say('rewrite')}
        </button>
      )}
    </div>
  );
}
