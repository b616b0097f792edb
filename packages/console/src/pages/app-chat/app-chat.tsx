import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Chat } from '../../chat/chat.tsx';

/** Any app's chat, on the same page as Assistant's. */
export default function AppChatPage() {
  const { name = '', conversation = null } = useParams({ strict: false }) as { name?: string; conversation?: string };
  const navigate = useNavigate();
  const linkOf = useCallback(
    (id: string | null) => `/app/${encodeURIComponent(name)}/chat${id === null ? '' : `/${id}`}`,
    [name],
  );
  const go = useCallback(
    (id: string | null, replace: boolean) => void navigate({ to: linkOf(id), replace }),
    [navigate, linkOf],
  );
  return <Chat key={name} app={name} conversation={conversation} listApp={name} linkOf={linkOf} onGo={go} />;
}
