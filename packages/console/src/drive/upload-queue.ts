/**
 * Uploads by tus, which go on when pages change, lines drop, or the same file is chosen again after a reload. A few at once;
 * the others wait.
 */
import { Upload } from 'tus-js-client';
import { myriad, renewToken } from '../api/client.ts';
import type { TreeFile } from './drop-tree.ts';

export type UploadState = 'waiting' | 'sending' | 'paused' | 'done' | 'failed';

export interface UploadRow {
  readonly key: number;
  readonly name: string;
  readonly folder: string;
  readonly parentId: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly state: UploadState;
  readonly failure: string | null;
}

interface Job {
  row: UploadRow;
  readonly file: File;
  upload: Upload | null;
}

const atOnce = 3;
const partBytes = 32 * 1024 * 1024;
const retryDelaysMs = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

let jobs: readonly Job[] = [];
let rows: readonly UploadRow[] = [];
let nextKey = 1;
const listeners = new Set<() => void>();
const arrivals = new Set<() => void>();

function publish(): void {
  rows = jobs.map(({ row }) => row);
  for (const listener of listeners) listener();
}

function change(job: Job, patch: Partial<UploadRow>): void {
  job.row = { ...job.row, ...patch };
  publish();
}

const bodyOf = (error: unknown): string =>
  (error as { originalResponse?: { getBody(): string } | null }).originalResponse?.getBody() ?? '';

/** What the server said, or that it cannot be reached. */
function reasonOf(error: Error): string {
  try {
    const problem = JSON.parse(bodyOf(error)) as { detail?: string };
    if (problem.detail) return problem.detail;
  } catch {
    // No problem of ours; the error's own words have to do.
  }
  return error.message;
}

function statusOf(error: unknown): number | undefined {
  return (error as { originalResponse?: { getStatus(): number } | null }).originalResponse?.getStatus();
}

async function send(job: Job): Promise<void> {
  change(job, { state: 'sending', failure: null });
  const { file } = job;
  job.upload ??= new Upload(file, {
    endpoint: myriad.url('/api/drive/uploads'),
    chunkSize: partBytes,
    retryDelays: retryDelaysMs,
    removeFingerprintOnSuccess: true,
    metadata: {
      filename: file.name,
      parent: job.row.parentId,
      folder: job.row.folder,
      modified: String(file.lastModified),
    },
    fingerprint: async () =>
      ['myriad', job.row.parentId, job.row.folder, file.name, file.size, file.lastModified].join('|'),
    onBeforeRequest(request) {
      // Asked each time: a token may have been renewed since the upload began.
      for (const [name, value] of Object.entries(myriad.headers('PATCH'))) request.setHeader(name, value);
    },
    onShouldRetry: (error) => {
      const status = statusOf(error);
      if (status === 403 && bodyOf(error).includes('csrf_rejected')) {
        // The node was started anew: it is asked for a new token, and the part goes again with it.
        void renewToken().catch(() => {});
        return true;
      }
      return status === undefined || status >= 500
        ? status !== 507
        : status === 409 || status === 423 || status === 429;
    },
    onProgress: (sentBytes) => change(job, { sentBytes }),
    onError: (error) => {
      change(job, { state: 'failed', failure: reasonOf(error as Error) });
      startNext();
    },
    onSuccess: () => {
      change(job, { state: 'done', sentBytes: file.size });
      for (const arrival of arrivals) arrival();
      startNext();
    },
  });
  const before = await job.upload.findPreviousUploads();
  const last = before.at(-1);
  if (last) job.upload.resumeFromPreviousUpload(last);
  if (job.row.state === 'sending') job.upload.start();
}

function startNext(): void {
  const sending = jobs.filter(({ row }) => row.state === 'sending').length;
  for (const job of jobs.filter(({ row }) => row.state === 'waiting').slice(0, Math.max(0, atOnce - sending))) {
    send(job).catch((error: unknown) => {
      change(job, { state: 'failed', failure: (error as Error).message });
      startNext();
    });
  }
}

const jobOf = (key: number): Job | undefined => jobs.find(({ row }) => row.key === key);

export const uploadQueue = {
  add(parentId: string, files: readonly TreeFile[]): void {
    const made = files.map(({ file, folder }): Job => {
      const row: UploadRow = {
        key: nextKey,
        name: file.name,
        folder,
        parentId,
        sizeBytes: file.size,
        sentBytes: 0,
        state: 'waiting',
        failure: null,
      };
      nextKey += 1;
      return { row, file, upload: null };
    });
    jobs = [...jobs, ...made];
    publish();
    startNext();
  },
  pause(key: number): void {
    const job = jobOf(key);
    if (!job || !/waiting|sending/.test(job.row.state)) return;
    void job.upload?.abort();
    change(job, { state: 'paused' });
    startNext();
  },
  resume(key: number): void {
    const job = jobOf(key);
    if (!job || !/paused|failed/.test(job.row.state)) return;
    change(job, { state: 'waiting', failure: null });
    startNext();
  },
  /** Ends it here and on the server. */
  cancel(key: number): void {
    const job = jobOf(key);
    if (!job) return;
    const ended = job.row.state === 'done';
    jobs = jobs.filter((each) => each !== job);
    publish();
    if (!ended) void job.upload?.abort(true).catch(() => {});
    startNext();
  },
  clearDone(): void {
    jobs = jobs.filter(({ row }) => row.state !== 'done');
    publish();
  },
  rows: () => rows,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Called after each file that has arrived. */
  onArrival(listener: () => void): () => void {
    arrivals.add(listener);
    return () => arrivals.delete(listener);
  },
};
