import type { ConversationMessage } from '@myriad/contracts';

/** A message on the way from the first to the leaf, with the siblings that stand where it stands. */
export interface PathStep {
  readonly message: ConversationMessage;
  /** Ids of all messages under the same parent and of the same role, oldest first. */
  readonly siblings: readonly string[];
  /** Place of the message among them, from 0. */
  readonly at: number;
}

type Tree = ReadonlyMap<string | null, readonly ConversationMessage[]>;

function treeOf(messages: readonly ConversationMessage[]): Tree {
  const known = new Set(messages.map((message) => message.id));
  const children = new Map<string | null, ConversationMessage[]>();
  for (const message of messages) {
    const parent = message.parentId !== null && known.has(message.parentId) ? message.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), message]);
  }
  for (const group of children.values())
    group.sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1));
  return children;
}

/** The newest leaf below a message (or of the whole tree for null): where switching to a sibling leads. */
export function leafUnder(messages: readonly ConversationMessage[], id: string | null): string | null {
  const tree = treeOf(messages);
  let leaf = id;
  for (let left = messages.length; left >= 0; left -= 1) {
    const next = tree.get(leaf)?.at(-1);
    if (!next) return leaf;
    leaf = next.id;
  }
  return leaf;
}

/**
 * The messages from the first to `leaf`, as they are read. A leaf that is gone or null means the newest one. A circle in
 * the data ends the walk instead of hanging it.
 */
export function pathTo(messages: readonly ConversationMessage[], leaf: string | null): readonly PathStep[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const tree = treeOf(messages);
  const path: PathStep[] = [];
  const seen = new Set<string>();
  let id = leaf !== null && byId.has(leaf) ? leaf : leafUnder(messages, null);
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const message = byId.get(id);
    if (!message) break;
    const parent = message.parentId !== null && byId.has(message.parentId) ? message.parentId : null;
    const siblings = (tree.get(parent) ?? []).filter((each) => each.role === message.role).map((each) => each.id);
    path.unshift({ message, siblings, at: siblings.indexOf(id) });
    id = parent;
  }
  return path;
}
