import { useCallback } from 'react';
import { Chat } from '../../chat/chat.tsx';

/** The talk about a file or a folder, beside the files. Its sources open in place. */
export function AskPanel({ conversation }: { readonly conversation: string }) {
  const linkOf = useCallback((id: string | null) => (id === null ? '/app/drive/chat' : `/app/drive/chat/${id}`), []);
  return (
    <Chat
      key={conversation}
      bare
      takesDrops={false}
      app="drive"
      conversation={conversation}
      listApp="drive"
      linkOf={linkOf}
      onGo={() => {}}
    />
  );
}
