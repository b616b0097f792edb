/** The models downloaded to this node: which there are, what state each is in, and the ways from one state to the next. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  asMyriadError,
  type Clock,
  type Config,
  type DownloadModelRequest,
  type LocalModel,
  type LocalModelsAnswer,
  MyriadError,
  type Random,
} from '@myriad/contracts';
import type { Log } from '../log.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import type { Environment } from '../read-environment.ts';
import { type FreeBytes, freeBytes as freeBytesOf, marginBytes } from './check-disk.ts';
import { type DownloadOptions, downloadFile, removeParts, statePathOf } from './download-file.ts';
import { endOrphan, rememberProcess } from './end-orphan.ts';
import { findRunner, installAdvice, type Runner } from './find-runner.ts';
import { type DownloadableModel, listModels } from './list-models.ts';
import { localEndpoint } from './local-endpoint.ts';
import { openModelProcess } from './model-process.ts';
import { adoptFile, readRecord, removeFile, writeRecord } from './model-record.ts';
import type { OfferedModel } from './offered-models.ts';
import { readPartState, receivedOf } from './part-state.ts';
import { type RunningModel, type RunTimings, runModel } from './run-model.ts';
import { createSpeed } from './speed.ts';
import { readStarted, writeStarted } from './started-models.ts';

export interface LocalModels {
  describe(): Promise<LocalModelsAnswer>;
  /** Begins the download and answers at once; `describe` tells how it goes. */
  download(name: string, request: DownloadModelRequest): Promise<LocalModel>;
  /** Stops the model or its download, and removes every byte of it. */
  remove(name: string): Promise<void>;
  start(name: string): Promise<LocalModel>;
  stop(name: string): Promise<LocalModel>;
  /** Ends what an earlier life of the node left running and, when asked, starts what ran when it was stopped. */
  resume(start: boolean): Promise<void>;
  /** Stops downloads, which go on later, and models, which are started again by `resume`. */
  close(): Promise<void>;
}

export interface LocalModelsOptions {
  /** `<data>/models`. */
  readonly folder: string;
  readonly config: Pick<Config, 'localModels' | 'modelMirror' | 'llamaServer' | 'localModelContextTokens'>;
  readonly desk: Pick<ModelDesk, 'attachLocal' | 'detachLocal'>;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly offered?: readonly OfferedModel[];
  readonly free?: FreeBytes;
  readonly tuning?: Partial<Pick<DownloadOptions, 'parallel' | 'partBytes' | 'stallMs' | 'attempts' | 'pauseMs'>>;
  readonly timings?: Partial<RunTimings>;
  readonly resolvePackage?: () => string | null;
}

interface Entry {
  readonly model: DownloadableModel;
  readonly file: string;
  state: LocalModel['state'];
  downloaded: boolean;
  receivedBytes: number;
  totalBytes: number | null;
  bytesPerSecond: number | null;
  reason: LocalModel['reason'];
  download: { readonly abort: AbortController; readonly done: Promise<void> } | null;
  running: RunningModel | null;
}

export async function openLocalModels(options: LocalModelsOptions): Promise<LocalModels> {
  const { folder, config, desk, environment, clock, random, log, free = freeBytesOf } = options;
  const entries = new Map<string, Entry>();
  const startedPath = join(folder, 'started.json');
  for (const model of listModels(config, options.offered)) {
    const file = join(folder, `${model.name}.gguf`);
    const record = await readRecord(file);
    const downloaded = record !== null && (model.sha256 === null || record.sha256 === model.sha256);
    const parts = await readPartState(statePathOf(file));
    entries.set(model.name, {
      model,
      file,
      state: downloaded ? 'ready' : 'absent',
      downloaded,
      receivedBytes: downloaded ? record.sizeBytes : receivedOf(parts?.parts ?? []),
      totalBytes: downloaded ? record.sizeBytes : (parts?.totalBytes ?? null),
      bytesPerSecond: null,
      reason: null,
      download: null,
      running: null,
    });
  }

  function need(name: string): Entry {
    const entry = entries.get(name);
    if (entry) return entry;
    throw new MyriadError(
      'model_not_found',
      `No model named "${name}" can be downloaded; there are ${[...entries.keys()].join(', ')}.`,
    );
  }
  const fail = (entry: Entry, thrown: unknown) => {
    const error = asMyriadError(thrown);
    entry.state = 'failed';
    entry.reason = { code: error.code, message: error.message };
    entry.bytesPerSecond = null;
    log('error', 'local_model_failed', {
      name: entry.model.name,
      code: error.code,
      message: error.message,
      ...(error.cause === undefined ? {} : { cause: String(error.cause) }),
    });
  };
  const rest = (entry: Entry) => {
    entry.state = entry.downloaded ? 'ready' : 'absent';
    entry.bytesPerSecond = null;
  };
  const runner = (): Promise<Runner | null> =>
    findRunner({
      llamaServer: config.llamaServer,
      environment,
      ...(options.resolvePackage ? { resolvePackage: options.resolvePackage } : {}),
    });
  const remember = async (name: string, started: boolean) => {
    const before = await readStarted(startedPath);
    const after = before.filter((each) => each !== name).concat(started ? [name] : []);
    await writeStarted(startedPath, after);
  };

  async function fetchModel(entry: Entry, sha256: string, signal: AbortSignal): Promise<void> {
    const { model, file } = entry;
    const speed = createSpeed(clock);
    try {
      entry.state = 'checking';
      // A file carried here by hand counts when its checksum is the one expected.
      let sizeBytes = await adoptFile(file, sha256, signal);
      if (sizeBytes === null) {
        entry.state = 'downloading';
        sizeBytes = await downloadFile({
          ...options.tuning,
          url: model.url,
          target: file,
          sizeBytes: model.sizeBytes,
          sha256,
          clock,
          random,
          free,
          signal,
          onProgress: ({ phase, receivedBytes, totalBytes }) => {
            entry.state = phase;
            entry.receivedBytes = receivedBytes;
            entry.totalBytes = totalBytes;
            entry.bytesPerSecond = phase === 'downloading' ? speed(receivedBytes) : null;
          },
        });
      }
      await writeRecord(file, { url: model.url, sha256, sizeBytes, at: clock.now() });
      entry.downloaded = true;
      entry.receivedBytes = sizeBytes;
      entry.totalBytes = sizeBytes;
      rest(entry);
      log('info', 'local_model_downloaded', { name: model.name, sizeBytes });
    } catch (thrown) {
      entry.receivedBytes = receivedOf((await readPartState(statePathOf(file)))?.parts ?? []);
      if (signal.aborted) rest(entry);
      else fail(entry, thrown);
    } finally {
      entry.download = null;
    }
  }
  async function stopDownload(entry: Entry): Promise<void> {
    const { download } = entry;
    download?.abort.abort(new MyriadError('aborted', 'The download was stopped.'));
    await download?.done;
  }
  async function stopRunning(entry: Entry): Promise<void> {
    const { running } = entry;
    if (!running) return;
    entry.running = null;
    await running.stop();
    await desk.detachLocal(endpointId(entry));
    rest(entry);
  }
  const endpointId = ({ model }: Entry) => `mdl_local_${model.name}`;
  const pidPath = ({ file }: Entry) => `${file}.pid.json`;

  function run(entry: Entry, by: Runner): void {
    const { model, file } = entry;
    const key = randomBytes(24).toString('base64url');
    const contextTokens = Math.min(config.localModelContextTokens, model.contextTokens ?? Number.POSITIVE_INFINITY);
    entry.state = 'starting';
    entry.reason = null;
    const running = runModel({
      name: model.name,
      clock,
      random,
      ...(options.timings ? { timings: options.timings } : {}),
      open: (port) => openModelProcess({ runner: by, file, name: model.name, port, contextTokens, key, environment }),
      onReady: async ({ baseUrl, pid }) => {
        await rememberProcess(pidPath(entry), pid);
        await desk.attachLocal(
          localEndpoint({ id: endpointId(entry), model, runner: by.kind, baseUrl, contextTokens }),
          key,
        );
        entry.state = 'running';
        log('info', 'local_model_running', { name: model.name, by: by.kind, baseUrl });
      },
      onDown: async () => {
        await desk.detachLocal(endpointId(entry));
        entry.state = 'starting';
      },
      onFailed: (error) => {
        if (entry.running === running) entry.running = null;
        fail(entry, error);
      },
    });
    entry.running = running;
  }

  const show = (entry: Entry): LocalModel => {
    const { model, state, downloaded, receivedBytes, bytesPerSecond, reason } = entry;
    return {
      ...model,
      modelName: `local/${model.name}`,
      sizeBytes: entry.totalBytes ?? model.sizeBytes,
      state,
      downloaded,
      receivedBytes,
      bytesPerSecond,
      reason,
      endpointId: state === 'running' ? endpointId(entry) : null,
    };
  };

  return {
    async describe() {
      const by = await runner().catch((error: unknown) => asMyriadError(error));
      return {
        items: [...entries.values()].map(show),
        runner: by instanceof MyriadError ? null : by,
        runnerProblem: by instanceof MyriadError ? 'not_executable' : by ? null : 'not_installed',
        install: by instanceof MyriadError ? by.message : by ? null : installAdvice,
        folder,
        freeBytes: (await free(folder)) ?? (await free(join(folder, '..'))),
        marginBytes,
      };
    },

    async download(name, request) {
      const entry = need(name);
      const { model } = entry;
      if (entry.download || entry.downloaded) return show(entry);
      const given = request.sha256?.toLowerCase();
      if (given !== undefined && model.sha256 !== null && given !== model.sha256)
        throw new MyriadError('invalid_request', `The checksum of ${name} is known to be ${model.sha256}.`);
      const sha256 = model.sha256 ?? given;
      if (!sha256)
        throw new MyriadError(
          'invalid_request',
          `The checksum of ${name} is unknown. Give the SHA-256 that its publisher states, in the request or as \`sha256\` in \`localModels\`.`,
          { facts: { field: 'sha256' } },
        );
      const other = [...entries.values()].find(({ download }) => download !== null);
      if (other)
        throw new MyriadError('conflict', `${other.model.name} is being downloaded; one at a time.`, {
          facts: { name: other.model.name },
        });
      const abort = new AbortController();
      entry.state = 'downloading';
      entry.reason = null;
      entry.download = { abort, done: Promise.resolve() };
      entry.download = { abort, done: fetchModel(entry, sha256, abort.signal) };
      return show(entry);
    },

    async remove(name) {
      const entry = need(name);
      await stopDownload(entry);
      await stopRunning(entry);
      await remember(name, false);
      await removeParts(entry.file);
      await removeFile(entry.file);
      Object.assign(entry, { downloaded: false, receivedBytes: 0, totalBytes: null, reason: null });
      rest(entry);
    },

    async start(name) {
      const entry = need(name);
      if (!entry.downloaded)
        throw new MyriadError('conflict', `${name} is not downloaded yet: \`myriad model download ${name}\`.`);
      if (entry.running) return show(entry);
      const by = await runner();
      if (!by) throw new MyriadError('capability_unavailable', installAdvice);
      if (!entry.running) run(entry, by);
      await remember(name, true);
      return show(entry);
    },

    async stop(name) {
      const entry = need(name);
      await stopDownload(entry);
      await stopRunning(entry);
      await remember(name, false);
      return show(entry);
    },

    async resume(start) {
      for (const entry of entries.values()) {
        if (await endOrphan(pidPath(entry), entry.file))
          log('info', 'local_model_orphan_ended', { name: entry.model.name });
      }
      if (!start) return;
      for (const name of await readStarted(startedPath)) {
        const entry = entries.get(name);
        if (!entry?.downloaded) continue;
        const by = await runner().catch(() => null);
        if (by) run(entry, by);
        else fail(entry, new MyriadError('capability_unavailable', installAdvice));
      }
    },

    async close() {
      await Promise.all(
        [...entries.values()].map(async (entry) => {
          await stopDownload(entry);
          await stopRunning(entry);
        }),
      );
    },
  };
}
