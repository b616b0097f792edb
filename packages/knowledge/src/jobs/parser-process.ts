import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Clock, isMyriadError } from '@myriad/contracts';
import { ParseFailure } from '../parse/parse-failure.ts';
import { frame, frameReader, type ParseJob, type ParserAnswer, type WirePassage } from './wire.ts';

export interface ParserLimits {
  readonly parseMs: number;
  readonly parseMemoryBytes: number;
}

export interface ReadResult {
  readonly text: string;
  readonly passages: readonly WirePassage[];
  readonly mediaType: string;
  readonly language: string | null;
  readonly pages: number | null;
  readonly pageStarts: readonly number[];
  readonly remark: string | null;
}

/** One parser process, started at the first file and ended after standing idle. Reads one file at a time. */
export interface ParserProcess {
  /** @throws ParseFailure with the reason in words, also for time, memory and a crash. */
  read(job: ParseJob, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ReadResult>;
  close(): void;
}

/** How often the memory of the process is looked at. */
const watchMs = 25;
const idleMs = 30_000;

/** Share of the memory that the JavaScript heap may fill before it must collect; files and fonts lie outside of it. */
const heapShare = 0.55;

export function createParserProcess(limits: ParserLimits, clock: Clock): ParserProcess {
  let child: ParserChild | null = null;
  let cancelIdle = () => {};
  const end = () => {
    cancelIdle();
    child?.kill();
    child = null;
  };
  return {
    async read(job, bytes, signal) {
      cancelIdle();
      if (!child?.alive()) child = startChild(limits.parseMemoryBytes);
      const started = child;
      started.hold(true);
      try {
        await started.ready;
        const result = await readOne(started, job, bytes, limits, clock, signal);
        // A process that has grown is not kept: the next file should have the whole limit to itself.
        if ((await residentBytes(started.process)) > limits.parseMemoryBytes / 2) end();
        else {
          cancelIdle = clock.after(idleMs, end);
          started.hold(false);
        }
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    close: end,
  };
}

interface ParserChild {
  readonly process: ChildProcess;
  readonly answers: ReturnType<typeof frameReader>;
  /** Settles when the process runs, or has failed to. */
  readonly ready: Promise<void>;
  /** Last words on standard error. */
  complaint(): string;
  alive(): boolean;
  /** Whether the process keeps this one from ending: while it reads, not while it stands idle. */
  hold(held: boolean): void;
  kill(): void;
}

function startChild(memoryBytes: number): ParserChild {
  const entry = join(dirname(fileURLToPath(import.meta.url)), 'parser-main.ts');
  const process_ = spawn(process.execPath, [...parserFlags(memoryBytes), entry], {
    // No environment: the parser needs none and must not see keys.
    env: {},
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let complaint = '';
  process_.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4_000);
  });
  process_.on('error', (error) => {
    complaint = error.message;
  });
  process_.stdin?.on('error', () => {});
  const answers = frameReader(process_.stdio[3] as Readable);
  const ready = answers.message().then((answer) => {
    if ((answer as ParserAnswer | null)?.kind !== 'ready')
      throw new ParseFailure('parse_failed', 'The reader of files could not be started. The log has the details.');
  });
  // Looked at by whoever reads next; until then a failed start is no fault of its own.
  ready.catch(() => {});
  return {
    process: process_,
    hold: (held) => {
      for (const part of [process_, process_.stdin, process_.stderr, process_.stdio[3]])
        (part as unknown as Record<'ref' | 'unref', () => void>)[held ? 'ref' : 'unref']();
    },
    answers,
    ready,
    complaint: () => complaint,
    alive: () => process_.exitCode === null && process_.signalCode === null && process_.pid !== undefined,
    kill: () => process_.kill('SIGKILL'),
  };
}

/** How the parser's Node is started: no network, no children, no files but code, a heap that must collect in time. */
export function parserFlags(memoryBytes: number): string[] {
  return [
    '--permission',
    ...codeFolders().map((folder) => `--allow-fs-read=${folder}`),
    // The Chinese dictionary is an addon.
    '--allow-addons',
    '--no-warnings',
    `--max-old-space-size=${Math.max(16, Math.floor((memoryBytes * heapShare) / 1024 / 1024))}`,
    '--max-semi-space-size=8',
  ];
}

/** Where code may lie: this room, and every `node_modules` at or above it. The data folder is in none of them. */
function codeFolders(): string[] {
  const room = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const folders = [join(room, '*')];
  for (let folder = room; ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules', '*'));
    if (dirname(folder) === folder) return folders;
  }
}

async function readOne(
  child: ParserChild,
  job: ParseJob,
  bytes: AsyncIterable<Uint8Array>,
  limits: ParserLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadResult> {
  let why: ParseFailure | null = null;
  let unsent: unknown = null;
  const stop = (reason: ParseFailure | null) => {
    why ??= reason;
    child.kill();
  };
  const cancelDeadline = clock.after(limits.parseMs, () =>
    stop(new ParseFailure('parse_limit', `Reading the file took more than ${seconds(limits.parseMs)}.`)),
  );
  const stopWatching = watchMemory(child.process, limits.parseMemoryBytes, () => stop(outOfMemory(limits)));
  const abort = () => stop(null);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    // Not waited for: a process that has died answers nothing, and its file may never end.
    send(child, job, bytes).catch((error: unknown) => {
      unsent = error;
      // A source that fails mid-way leaves the process waiting for bytes: end it.
      stop(null);
    });
    const result = await receive(child.answers);
    if (result) return result;
  } catch (error) {
    if (error instanceof ParseFailure) throw error;
  } finally {
    cancelDeadline();
    stopWatching();
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
  if (isMyriadError(unsent)) throw unsent;
  throw why ?? crashed(child, limits);
}

async function send(child: ParserChild, job: ParseJob, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const input = child.process.stdin!;
  input.write(frame(job));
  for await (const chunk of bytes)
    await new Promise<void>((resolve, reject) => {
      input.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
}

/** Gathers the answers to one job; null when the process ended before the last. */
async function receive(answers: ParserChild['answers']): Promise<ReadResult | null> {
  const text: string[] = [];
  const passages: WirePassage[] = [];
  for (;;) {
    const answer = (await answers.message()) as ParserAnswer | null;
    if (!answer) return null;
    if (answer.kind === 'text') text.push(answer.text);
    else if (answer.kind === 'passages') for (const passage of answer.passages) passages.push(passage);
    else if (answer.kind === 'ready') throw new Error('the parser started twice');
    else if (answer.kind === 'failed') throw new ParseFailure(answer.code, answer.reason);
    else {
      const { mediaType, language, pages, pageStarts, remark } = answer;
      const result = { text: text.join(''), passages, mediaType, language, pages, pageStarts, remark };
      if (!isWellFormed(result)) throw new Error('the parser answered in a shape that is not its own');
      return result;
    }
  }
}

/** Whether passages and pages lie within the text: what the store and the citations rely on. */
function isWellFormed({ text, passages, pageStarts }: ReadResult): boolean {
  const isPlace = (at: unknown, most: number) => Number.isInteger(at) && (at as number) >= 0 && (at as number) <= most;
  return (
    pageStarts.every((start) => isPlace(start, text.length)) &&
    passages.every(
      ({ id, start, end, headings, words }) =>
        /^psg_[0-9a-z]{26}$/.test(id) &&
        isPlace(start, end) &&
        isPlace(end, text.length) &&
        typeof words === 'string' &&
        headings.every((heading) => typeof heading === 'string'),
    )
  );
}

const seconds = (ms: number): string => (ms < 2_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`);

const outOfMemory = ({ parseMemoryBytes }: ParserLimits): ParseFailure =>
  new ParseFailure(
    'parse_limit',
    `Reading the file took more than ${Math.round(parseMemoryBytes / 1024 / 1024)} MB of memory.`,
  );

function crashed(child: ParserChild, limits: ParserLimits): ParseFailure {
  const complaint = child.complaint();
  if (/heap out of memory|Array buffer allocation failed|allocation failed/i.test(complaint))
    return outOfMemory(limits);
  return new ParseFailure(
    'parse_failed',
    'The file made its reader crash. Nothing else was touched.',
    new Error(complaint),
  );
}

function watchMemory(watched: ChildProcess, mostBytes: number, exceeded: () => void): () => void {
  const timer = setInterval(async () => {
    if ((await residentBytes(watched)) > mostBytes) exceeded();
  }, watchMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Memory of the process in RAM, where the system tells (Linux); 0 elsewhere, where the heap limit alone holds. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    const pages = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ')[1];
    return Number(pages) * 4096;
  } catch {
    return 0;
  }
}
