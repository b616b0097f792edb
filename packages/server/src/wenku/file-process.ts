/** Reads and writes files of Wenku in a process of its own: what hangs or eats memory there is ended and harms nobody. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { ExportInput, Imported } from '@myriad/builtin/wenku-files';
import { type FailureCode, failureCatalogue, MyriadError, type WenkuFormat } from '@myriad/contracts';

export type FileTask =
  | { readonly kind: 'export'; readonly input: ExportInput; readonly format: WenkuFormat }
  | { readonly kind: 'import'; readonly name: string; readonly bytes: Uint8Array };

export type FileAnswer =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'imported'; readonly imported: Imported }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const mostAtOnce = 2;
const waiting: (() => void)[] = [];
let busy = 0;

async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  busy += 1;
  try {
    return await work();
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

/** @throws MyriadError what the task threw, `parse_limit` past the time. */
export const runFileTask = (task: FileTask, limitMs: number): Promise<FileAnswer> =>
  turn(
    () =>
      new Promise<FileAnswer>((resolve, reject) => {
        const child = fork(join(import.meta.dirname, 'file-main.ts'), [], {
          serialization: 'advanced',
          execArgv: ['--max-old-space-size=768'],
          env: {},
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        });
        const end = (settle: () => void) => {
          clearTimeout(timer);
          child.removeAllListeners();
          child.on('error', () => {});
          child.kill('SIGKILL');
          settle();
        };
        const timer = setTimeout(
          () =>
            end(() =>
              reject(new MyriadError('parse_limit', `The file took longer than ${limitMs / 1000} s and was given up.`)),
            ),
          limitMs,
        );
        child.on('message', (answer: FileAnswer) =>
          end(() => {
            if (answer.kind !== 'failed') resolve(answer);
            else {
              const code = answer.code in failureCatalogue ? (answer.code as FailureCode) : 'internal';
              reject(new MyriadError(code, answer.message));
            }
          }),
        );
        child.on('error', (cause) =>
          end(() => reject(new MyriadError('internal', 'The file could not be worked on.', { cause }))),
        );
        child.on('exit', () =>
          end(() =>
            reject(
              new MyriadError('parse_limit', 'The file needed more memory than it may have, or broke its reader.'),
            ),
          ),
        );
        child.send(task, (cause) => {
          if (cause) end(() => reject(new MyriadError('internal', 'The file could not be worked on.', { cause })));
        });
      }),
  );
