import type {
  Citation,
  FinishReason,
  ModelEvent,
  MyriadError,
  ReasoningPart,
  ToolCall,
  Usage,
} from '@myriad/contracts';

/** What the fake model does in one call. Everything unsaid is left out; the text is cut into pieces on its way. */
export interface FakeReply {
  readonly text?: string;
  readonly reasoning?: readonly ReasoningPart[];
  readonly toolCalls?: readonly ToolCall[];
  readonly refusal?: string;
  readonly citations?: readonly Citation[];
  readonly finish?: FinishReason;
  /** Reported usage; unless given it is estimated from request and text. */
  readonly usage?: Usage;
  /** Milliseconds before the first event after `start`. */
  readonly firstTokenMs?: number;
  /** Milliseconds between pieces. */
  readonly chunkMs?: number;
  /** Characters of a piece; 12 unless said. */
  readonly chunkCharacters?: number;
  /** Thrown after this many pieces (0: before `start`). */
  readonly fail?: { readonly afterPieces: number; readonly error: MyriadError };
  /** Never goes on after the pieces: only an abort or a limit ends the call. */
  readonly hang?: boolean;
}

/** Pieces of the reply, in order, after `start` and before `finish`. */
export function piecesOf(reply: FakeReply): readonly ModelEvent[] {
  const size = Math.max(1, reply.chunkCharacters ?? 12);
  const cut = (text: string) => [...text.matchAll(new RegExp(`[^]{1,${size}}`, 'gu'))].map(([piece]) => piece);
  return [
    ...(reply.reasoning ?? []).flatMap((part): ModelEvent[] => [
      ...cut(part.text).map((text): ModelEvent => ({ type: 'reasoning', choice: 0, text })),
      ...(part.signature !== undefined || part.encrypted !== undefined
        ? [{ type: 'reasoning', choice: 0, ...part, text: '' } as const]
        : []),
    ]),
    ...cut(reply.text ?? '').map((text): ModelEvent => ({ type: 'text', choice: 0, text })),
    ...cut(reply.refusal ?? '').map((text): ModelEvent => ({ type: 'refusal', choice: 0, text })),
    ...(reply.citations ?? []).map((citation): ModelEvent => ({ type: 'citation', choice: 0, citation })),
    ...(reply.toolCalls ?? []).flatMap((call, index): ModelEvent[] => [
      { type: 'toolCall', choice: 0, index, id: call.id, name: call.name, argumentsDelta: '' },
      ...cut(call.argumentsJson).map(
        (argumentsDelta): ModelEvent => ({ type: 'toolCall', choice: 0, index, argumentsDelta }),
      ),
    ]),
  ];
}
