import type { LocalModel, LocalModelsAnswer } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Facts } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { modelsWords } from './words.ts';

/** Says what would be fetched, from where and how large, and fetches nothing before the reader agrees. */
export function ConsentDialog({
  model,
  answer,
  onClose,
}: {
  readonly model: LocalModel;
  readonly answer: LocalModelsAnswer;
  readonly onClose: () => void;
}) {
  const say = useWords(modelsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const formId = useId();
  const [sha256, setSha256] = useState('');
  const download = useSend('POST /api/local-models/:name/download', ['GET /api/local-models']);
  const { host } = new URL(model.url);
  const unknown = say('localUnknown');
  const needBytes = (model.sizeBytes ?? 0) - model.receivedBytes + answer.marginBytes;
  const isTight = model.sizeBytes !== null && answer.freeBytes !== null && answer.freeBytes < needBytes;
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('consentTitle', { name: model.name })}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={download.isPending} disabled={isTight}>
            {say('consentYes')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const given = sha256.trim();
          download.mutate(
            { params: { name: model.name }, body: { consent: true, ...(given ? { sha256: given } : {}) } },
            { onSuccess: onClose },
          );
        }}
      >
        <p>{say('consentWhat', { host })}</p>
        <Facts
          items={[
            [say('consentSize'), model.sizeBytes === null ? unknown : format.bytes(model.sizeBytes)],
            [say('consentLicence'), model.licence ?? unknown],
            [
              say('consentFrom'),
              <span key="url" className="break-all">
                {model.url}
              </span>,
            ],
            [say('consentTo'), answer.folder],
            ...(model.sha256
              ? [
                  [
                    say('consentSum'),
                    <code key="sum" className="font-mono text-small break-all">
                      {model.sha256}
                    </code>,
                  ] as const,
                ]
              : []),
          ]}
        />
        {model.sha256 === null && (
          <TextField
            label={say('consentSum')}
            hint={say('consentSumUnknown')}
            required
            pattern="\s*[0-9a-fA-F]{64}\s*"
            autoComplete="off"
            value={sha256}
            onChange={(event) => setSha256(event.target.value)}
          />
        )}
        {isTight && (
          <p className="text-bad">
            {say('consentLittle', { free: format.bytes(answer.freeBytes ?? 0), need: format.bytes(needBytes) })}
          </p>
        )}
        <ProblemNote error={download.error} />
      </form>
    </Dialog>
  );
}
