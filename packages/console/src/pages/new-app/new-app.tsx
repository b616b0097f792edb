import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { ManifestEditor, useCheck } from '../../manifest/manifest-editor.tsx';
import { Button, Choices } from '../../ui/button.tsx';
import { PageFrame } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { type TemplateName, templates } from './templates.ts';
import { newAppWords } from './words.ts';

/** A new app from a template's text. */
export default function NewAppPage() {
  const say = useWords(newAppWords);
  const navigate = useNavigate();
  const [template, setTemplate] = useState<TemplateName>('answers');
  const [source, setSource] = useState<string>(templates.answers);
  const check = useCheck(source);
  const create = useSend('POST /api/apps', ['GET /api/apps']);
  return (
    <PageFrame
      sentence={say('sentence')}
      under={say('under')}
      actions={
        <Button
          look="primary"
          busy={create.isPending}
          disabled={check?.valid === false}
          onClick={() =>
            create.mutate(
              { body: { source } },
              { onSuccess: ({ app }) => void navigate({ to: '/app/$name', params: { name: app.name } as never }) },
            )
          }
        >
          {say('create')}
        </Button>
      }
    >
      <Choices
        label={say('template')}
        value={template}
        onChange={(next) => {
          setTemplate(next);
          setSource(templates[next]);
        }}
        options={(['answers', 'writer', 'tools'] as const).map((value) => ({ value, label: say(`template_${value}`) }))}
      />
      <ProblemNote error={create.error} />
      <ManifestEditor value={source} check={check} onChange={setSource} />
    </PageFrame>
  );
}
