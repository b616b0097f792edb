/**
 * The parser process: reads jobs from its standard input and writes answers to file descriptor 3. It runs without
 * network, without children and without a file system beyond the code (`--permission`), and is killed from outside when
 * it takes too long or too much memory.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readDocument } from './read-document.ts';
import { frame, frameReader, type ParseJob, type ParserAnswer } from './wire.ts';

const answers = createWriteStream('', { fd: 3 });
const jobs = frameReader(process.stdin);
answers.write(frame({ kind: 'ready' } satisfies ParserAnswer));

for (;;) {
  const job = (await jobs.message()) as ParseJob | null;
  if (!job) break;
  const bytes = new Uint8Array(job.sizeBytes);
  await jobs.fill(bytes);
  for await (const answer of readDocument(job, bytes)) {
    if (!answers.write(frame(answer))) await once(answers, 'drain');
  }
}
process.exit(0);
