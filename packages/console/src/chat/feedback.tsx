import type { ConversationMessage } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea } from '../ui/field.tsx';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { chatWords } from './words.ts';

/** Up or down; down asks what was wrong, which may be left empty. */
export function Feedback({ message }: { readonly message: ConversationMessage }) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const send = useSend('POST /api/messages/:id/feedback', ['GET /api/conversations/:id']);
  const [asking, setAsking] = useState(false);
  const [comment, setComment] = useState('');
  const [rating, setRating] = useState(message.feedback?.rating ?? null);
  const formId = useId();
  const rate = (next: 'up' | 'down' | null, text?: string) => {
    const before = rating;
    setRating(next);
    send.mutate(
      { params: { id: message.id }, body: { rating: next, ...(text ? { comment: text } : {}) } },
      {
        onError: (error) => {
          setRating(before);
          tell(sentenceOf(error));
        },
      },
    );
  };
  return (
    <>
      <IconButton
        icon="thumbUp"
        label={say('helpful')}
        aria-pressed={rating === 'up'}
        onClick={() => rate(rating === 'up' ? null : 'up')}
      />
      <IconButton
        icon="thumbDown"
        label={say('notHelpful')}
        aria-pressed={rating === 'down'}
        onClick={() => {
          if (rating === 'down') return rate(null);
          rate('down');
          setAsking(true);
        }}
      />
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={say('whatWrong')}
        description={say('whatWrongHint')}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{sayCommon('cancel')}</Button>
            <Button look="primary" type="submit" form={formId}>
              {say('sendFeedback')}
            </Button>
          </>
        }
      >
        <form
          id={formId}
          onSubmit={(event) => {
            event.preventDefault();
            rate('down', comment.trim());
            setAsking(false);
            tell(say('thanks'));
          }}
        >
          <TextArea
            quiet
            label={say('whatWrong')}
            rows={4}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </form>
      </Dialog>
    </>
  );
}
