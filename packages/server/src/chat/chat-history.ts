/** The conversation's tree → the messages that a model reads: the path from the root to one leaf. */
import type { ChatMessage, ConversationMessage } from '@myriad/contracts';

/** @returns Messages from the root down to `leafId`, or an empty list when the leaf is unknown. A broken chain ends where it breaks. */
export function pathTo(messages: readonly ConversationMessage[], leafId: string | null): ConversationMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: ConversationMessage[] = [];
  const seen = new Set<string>();
  for (let id = leafId; id !== null && !seen.has(id); ) {
    const message = byId.get(id);
    if (!message) break;
    seen.add(id);
    path.push(message);
    id = message.parentId;
  }
  return path.reverse();
}

/** Answers that ended badly with no text are left out: the model must not continue a silence. */
export function toChatMessages(path: readonly ConversationMessage[]): ChatMessage[] {
  return path
    .filter((message) => message.text !== '')
    .map((message) => ({ role: message.role, content: [{ type: 'text', text: message.text }] }));
}

/** A title from the first question: its first line, cut at a word, at most 60 characters. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  if ([...line].length <= 60) return line;
  const cut = [...line].slice(0, 60).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > 30 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
