import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Chat } from '../../chat/chat.tsx';

const linkOf = (conversation: string | null) => (conversation === null ? '/' : `/chat/${conversation}`);

/** Assistant: the first app, and the reader's conversations with all of them. */
export default function AssistantPage() {
  const { conversation = null } = useParams({ strict: false }) as { conversation?: string };
  const navigate = useNavigate();
  const go = useCallback(
    (id: string | null, replace: boolean) => void navigate({ to: linkOf(id), replace }),
    [navigate],
  );
  return <Chat app="assistant" conversation={conversation} listApp={null} linkOf={linkOf} onGo={go} />;
}
