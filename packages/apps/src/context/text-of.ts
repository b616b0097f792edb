import type { ChatMessage } from '@myriad/contracts';

/** The words of a message, without images and files. */
export function textOf(message: ChatMessage): string {
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Texts of the person, oldest first. */
export function userTexts(messages: readonly ChatMessage[]): readonly string[] {
  return messages.filter(({ role }) => role === 'user').map(textOf);
}

const languageNames = { en: 'English', zh: 'Chinese (中文)' } as const;

/** Name of a language for a model. */
export const languageName = (language: 'en' | 'zh'): string => languageNames[language];
