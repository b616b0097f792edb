import { Worker } from 'node:worker_threads';
import { MyriadError } from '@myriad/contracts';
import { decodeText, maxCharacters } from './decode-text.ts';

export interface ReadPage {
  readonly title: string;
  readonly text: string;
}

const defaultLimits = { parseMs: 5_000, memoryMb: 128 };

/**
 * Readable text of a page. HTML from anywhere is parsed in a worker of its own, with limits of time and memory, so that no
 * page can hold up the node; plain text needs no parser.
 *
 * @throws MyriadError `parse_limit` past a limit, `parse_failed` when the parser breaks, `aborted`.
 */
export function readInWorker(
  bytes: Buffer,
  contentType: string,
  mediaType: string,
  signal: AbortSignal,
  limits: typeof defaultLimits = defaultLimits,
): Promise<ReadPage> {
  if (!mediaType.includes('html')) {
    return Promise.resolve({ title: '', text: decodeText(bytes, contentType).slice(0, maxCharacters) });
  }
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./readable-worker.ts', import.meta.url), {
      workerData: { bytes: new Uint8Array(bytes), contentType },
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      execArgv: [],
      env: {},
    });
    const end = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      void worker.terminate();
      finish();
    };
    const fail = (code: 'parse_limit' | 'parse_failed' | 'aborted', message: string) =>
      end(() => reject(new MyriadError(code, message)));
    const abort = () => fail('aborted', 'The caller went away.');
    const timer = setTimeout(
      () => fail('parse_limit', `Reading the page took longer than ${limits.parseMs} ms.`),
      limits.parseMs,
    );
    signal.addEventListener('abort', abort, { once: true });
    worker.once('message', (page: ReadPage) => end(() => resolve(page)));
    worker.once('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
        fail('parse_limit', `Reading the page needs more than ${limits.memoryMb} MB.`);
      } else fail('parse_failed', 'The page could not be read.');
    });
    worker.once('exit', () => fail('parse_failed', 'The page could not be read.'));
  });
}
