import type { ConversationMessage, GiveFeedback } from '@myriad/contracts';
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

const shortest = 6;
const longest = 500;
const longestCorrection = 20_000;

/** Up or down; down asks what was wrong, and the pencil takes a comment and the answer that would have been right. */
export function Feedback({ message }: { readonly message: ConversationMessage }) {
  const say = useWords(chatWords);
  const send = useSend('POST /api/messages/:id/feedback', ['GET /api/conversations/:id']);
  const [asking, setAsking] = useState(false);
  const [given, setGiven] = useState({
    rating: message.feedback?.rating ?? null,
    comment: message.feedback?.comment ?? '',
    correction: message.feedback?.correction ?? '',
  });
  const rate = (next: typeof given, done?: string) => {
    const before = given;
    const body: GiveFeedback = {
      rating: next.rating,
      ...(next.comment ? { comment: next.comment } : {}),
      ...(next.correction ? { correction: next.correction } : {}),
    };
    setGiven(next);
    send.mutate(
      { params: { id: message.id }, body },
      {
        onSuccess: () => done && tell(done),
        onError: (error) => {
          setGiven(before);
          tell(sentenceOf(error));
        },
      },
    );
  };
  const turn = (rating: 'up' | 'down') => rate({ ...given, rating: given.rating === rating ? null : rating });
  return (
    <>
      <IconButton
        icon="thumbUp"
        label={say('helpful')}
        aria-pressed={given.rating === 'up'}
        onClick={() => turn('up')}
      />
      <IconButton
        icon="thumbDown"
        label={say('notHelpful')}
        aria-pressed={given.rating === 'down'}
        onClick={() => {
          turn('down');
          setAsking(given.rating !== 'down');
        }}
      />
      <IconButton
        icon="edit"
        label={say('comment')}
        aria-pressed={given.comment !== '' || given.correction !== ''}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Words
          comment={given.comment}
          correction={given.correction}
          onClose={() => setAsking(false)}
          onSend={(words) => {
            rate({ ...given, ...words }, say('thanks'));
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

interface Written {
  readonly comment: string;
  readonly correction: string;
}

function Words(
  props: Written & { readonly onClose: () => void; readonly onSend: (words: Written) => void },
): React.ReactNode {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const [comment, setComment] = useState(props.comment);
  const [correction, setCorrection] = useState(props.correction);
  const [tried, setTried] = useState(false);
  const length = comment.trim().length;
  const bad = length > 0 && (length < shortest || length > longest);
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={say('comment')}
      description={say('whatWrongHint')}
      footer={
        <>
          <Button onClick={props.onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId}>
            {say('sendFeedback')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!bad) props.onSend({ comment: comment.trim(), correction: correction.trim() });
        }}
      >
        <TextArea
          label={say('whatWrong')}
          hint={say('commentLength', { shortest, longest })}
          error={tried && bad ? say('commentBad', { shortest, longest, length }) : null}
          aria-invalid={tried && bad ? true : undefined}
          rows={3}
          maxLength={longest}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <TextArea
          label={say('correction')}
          hint={say('correctionHint')}
          rows={5}
          maxLength={longestCorrection}
          value={correction}
          onChange={(event) => setCorrection(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
