import type { ChatMessage } from '@myriad/contracts';

/** A message that is a turn of the conversation, not an instruction before it. */
export type TurnMessage = Exclude<ChatMessage, { role: 'system' | 'developer' }>;

export function isTurn(message: ChatMessage): message is TurnMessage {
  return message.role !== 'system' && message.role !== 'developer';
}

/** The words of the last user message. */
export function lastQuestion(messages: readonly ChatMessage[]): string {
  const last = messages.findLast((message) => message.role === 'user');
  return (last?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}
