import type { Conversation } from '@myriad/contracts';

export type TimeGroup = 'pinned' | 'today' | 'yesterday' | 'week' | 'month' | 'earlier';

const dayMs = 86_400_000;

/** Conversations by when they were last touched, in the reader's own days; the order within a group is kept. */
export function groupConversations(
  conversations: readonly Conversation[],
  now: number,
): readonly (readonly [TimeGroup, readonly Conversation[]])[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = new Map<TimeGroup, Conversation[]>(
    (['pinned', 'today', 'yesterday', 'week', 'month', 'earlier'] as const).map((name) => [name, []]),
  );
  for (const conversation of conversations) groups.get(groupOf(conversation, midnight))?.push(conversation);
  return [...groups].filter(([, items]) => items.length > 0);
}

function groupOf({ pinned, updatedAt }: Conversation, midnight: number): TimeGroup {
  if (pinned) return 'pinned';
  if (updatedAt >= midnight) return 'today';
  if (updatedAt >= midnight - dayMs) return 'yesterday';
  if (updatedAt >= midnight - 6 * dayMs) return 'week';
  if (updatedAt >= midnight - 29 * dayMs) return 'month';
  return 'earlier';
}
