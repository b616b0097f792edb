import type { DiffBlock, DiffPiece } from '@myriad/contracts';

/** Words of a comparison: what came is marked and underlined, what went is struck out. */
export function DiffPieces({ pieces }: { readonly pieces: readonly DiffPiece[] }) {
  return pieces.map((piece, at) => {
    const key = `${at}:${piece.kind}`;
    if (piece.kind === 'added')
      return (
        <ins key={key} className="rounded-[2px] bg-good-soft text-ink underline decoration-good">
          {piece.text}
        </ins>
      );
    if (piece.kind === 'removed')
      return (
        <del key={key} className="rounded-[2px] bg-decide-soft text-ink decoration-bad">
          {piece.text}
        </del>
      );
    return <span key={key}>{piece.text}</span>;
  });
}

export function DiffBlocks({
  blocks,
  onlyChanges,
}: {
  readonly blocks: readonly DiffBlock[];
  readonly onlyChanges: boolean;
}) {
  const shown = onlyChanges ? blocks.filter(({ kind }) => kind !== 'same') : blocks;
  return (
    <div className="grid gap-2 text-answer">
      {shown.map((block) => (
        <p
          key={`${block.before}-${block.after}`}
          className={`border-l-2 pl-3 whitespace-pre-wrap ${block.kind === 'same' ? 'border-transparent text-soft' : block.kind === 'added' ? 'border-good' : block.kind === 'removed' ? 'border-bad' : 'border-wait'}`}
        >
          <DiffPieces pieces={block.pieces} />
        </p>
      ))}
    </div>
  );
}
