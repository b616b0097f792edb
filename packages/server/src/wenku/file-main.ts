/** The process that `file-process.ts` starts: one task, one answer. */
import { readImport, writeExport } from '@myriad/builtin/wenku-files';
import { asMyriadError } from '@myriad/contracts';
import type { FileAnswer, FileTask } from './file-process.ts';

process.once('message', (task: FileTask) => {
  const work: Promise<FileAnswer> =
    task.kind === 'export'
      ? writeExport(task.input, task.format).then((bytes) => ({ kind: 'bytes', bytes }))
      : readImport(task.name, task.bytes).then((imported) => ({ kind: 'imported', imported }));
  work
    .catch((error: unknown): FileAnswer => {
      const { code, message } = asMyriadError(error);
      return { kind: 'failed', code, message };
    })
    .then((answer) => process.send?.(answer));
});
