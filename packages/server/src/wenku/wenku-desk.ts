/**
 * Jobs of Wenku: each part is a run of the app through the kernel. A job goes on when pages close, is saved as it grows,
 * and after the node's death begins again at the first part that was not finished.
 */
import type { WritingSetting } from '@myriad/builtin/wenku';
import { countWords, plainTextOf } from '@myriad/builtin/wenku';
import {
  type AppEvent,
  type Apps,
  asMyriadError,
  type Caller,
  type Clock,
  type FailureCode,
  failureCatalogue,
  MyriadError,
  newId,
  type Random,
  type Store,
  type WenkuJob,
  type WenkuJobEvent,
  type WenkuJobInput,
  type WenkuJobKind,
  type WenkuPart,
} from '@myriad/contracts';
import type { Log } from '../log.ts';
import { messagesOf, outlineOfJob, partsOf, withSection } from './job-parts.ts';

export interface WenkuDesk {
  /** @throws MyriadError `conflict` when the target is being written already, `capability_unavailable` without a generating model. */
  start(wanted: {
    readonly kind: WenkuJobKind;
    readonly target: string;
    readonly input: WenkuJobInput;
    readonly language: 'en' | 'zh';
    readonly caller: Caller;
  }): Promise<WenkuJob>;
  /** The state first, then what changes, until the job ends or the signal. */
  follow(job: WenkuJob, signal: AbortSignal): AsyncGenerator<WenkuJobEvent>;
  /** Stops it; what was written stays. */
  stop(job: WenkuJob): Promise<WenkuJob>;
  /** The job as it stands now. */
  present(job: WenkuJob): WenkuJob;
  /** The job that is writing this document, or null. */
  writing(documentId: string): WenkuJob | null;
  /** Goes on with what a dead process left; returns how many. */
  resume(): Promise<number>;
  close(): Promise<void>;
}

interface Live {
  job: WenkuJob;
  readonly abort: AbortController;
  readonly readers: Set<(event: WenkuJobEvent) => void>;
  done: Promise<void>;
  /** Set when the node closes: the job is to go on at the next start. */
  left: boolean;
}

const saveEveryMs = 1_000;
const needsModel: ReadonlySet<WenkuJobKind> = new Set(['outline', 'draft', 'rewrite', 'translate']);

export function createWenkuDesk(deps: {
  readonly store: Pick<Store, 'wenku' | 'knowledge' | 'apps' | 'org'>;
  readonly apps: Pick<Apps, 'run'>;
  readonly tenant: string;
  /** Whether a generating model is attached now. */
  readonly generates: () => boolean;
  readonly principalsOf: (personId: string) => Promise<readonly string[] | null>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): WenkuDesk {
  const { store, apps, clock, random, log } = deps;
  const live = new Map<string, Live>();

  const tell = (one: Live, event: WenkuJobEvent) => {
    for (const reader of one.readers) reader(event);
  };
  const set = (one: Live, change: Partial<WenkuJob>) => {
    one.job = { ...one.job, ...change, updatedAt: clock.now() };
  };
  const setPart = (one: Live, at: number, change: Partial<WenkuPart>) =>
    set(one, { parts: one.job.parts.map((part, index) => (index === at ? { ...part, ...change } : part)) });

  /** Collections that the job may quote from: those of the document, or the reading's own, less what the caller may not read. */
  async function collectionsOf(job: WenkuJob, caller: Caller): Promise<readonly string[]> {
    if (job.kind === 'rewrite' || job.kind === 'translate') return [];
    const document = await store.wenku.get(job.target);
    const reading = document ? null : await store.knowledge.document(job.target);
    const ids = document ? document.sources : reading ? [reading.collectionId] : [];
    const found = await Promise.all(ids.map((id) => store.knowledge.collection(id)));
    return found
      .filter((collection) => collection !== null)
      .filter(
        ({ ownerId, readers }) =>
          ownerId === caller.personId || readers.some((each) => caller.principals.includes(each)),
      )
      .map(({ id }) => id);
  }

  async function settingOf(job: WenkuJob): Promise<WritingSetting> {
    const document = await store.wenku.get(job.target);
    return { kind: document?.kind ?? 'doc', title: document?.title ?? job.input.text ?? '', language: job.language };
  }

  async function writePart(one: Live, at: number, caller: Caller): Promise<void> {
    const app = await store.apps.byName(deps.tenant, 'wenku');
    if (!app) throw new MyriadError('app_not_found', 'The app Wenku is not here.');
    setPart(one, at, { status: 'writing', text: '', citations: [] });
    tell(one, { type: 'job', job: one.job });
    let savedAt = clock.monotonicMs();
    const stream = apps.run({
      app,
      caller,
      surface: 'page',
      messages: messagesOf(one.job, at, await settingOf(one.job)),
      unit: caller.personId ?? caller.actorId,
      collectionIds: await collectionsOf(one.job, caller),
      language: one.job.language,
      priority: 'interactive',
      stream: true,
      signal: one.abort.signal,
    });
    for await (const event of stream) {
      fold(one, at, event);
      // A finished section is saved with the document that holds it, never before.
      if (one.job.parts[at]?.status === 'writing' && clock.monotonicMs() - savedAt > saveEveryMs) {
        savedAt = clock.monotonicMs();
        await store.wenku.saveJob(one.job);
      }
    }
  }

  function fold(one: Live, at: number, event: AppEvent): void {
    const part = one.job.parts[at] as WenkuPart;
    if (event.type === 'run') setPart(one, at, { runId: event.runId });
    else if (event.type === 'model') {
      setPart(one, at, { model: event.model });
      if (!event.generates && needsModel.has(one.job.kind)) throw noModel();
    } else if (event.type === 'text' || event.type === 'refusal') {
      setPart(one, at, { text: part.text + event.text });
      tell(one, { type: 'text', part: at, text: event.text });
    } else if (event.type === 'restart') {
      setPart(one, at, { text: '', citations: [] });
      tell(one, { type: 'job', job: one.job });
    } else if (event.type === 'citation') setPart(one, at, { citations: [...part.citations, event.citation] });
    else if (event.type === 'done') {
      const { costMicros, currency, model } = event.run;
      setPart(one, at, { status: 'done', costMicros, currency, model: model ?? part.model });
    } else if (event.type === 'error') {
      const code: FailureCode = event.problem.code in failureCatalogue ? event.problem.code : 'internal';
      throw new MyriadError(code, event.problem.detail);
    }
  }

  /** Writes the section into the document and the job in one step, whatever was changed beside it meanwhile. */
  async function placeSection(one: Live, at: number, caller: Caller): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const [document, content] = await Promise.all([
        store.wenku.get(one.job.target),
        store.wenku.content(one.job.target),
      ]);
      if (!document || !content) throw new MyriadError('not_found', 'The document was deleted while it was written.');
      // Who lost the right to write meanwhile writes no more, also after a restart.
      if (document.ownerId !== one.job.ownerId && !document.editors.some((each) => caller.principals.includes(each)))
        throw new MyriadError('forbidden', 'You may no longer write this document.');
      const next = withSection(content, one.job.parts[at] as WenkuPart);
      const plainText = plainTextOf(next);
      const saved = {
        ...document,
        revision: document.revision + 1,
        words: countWords(plainText),
        updatedAt: clock.now(),
        updatedBy: one.job.ownerId,
      };
      try {
        await store.wenku.save(saved, document.revision, { content: next, plainText, job: one.job });
        return;
      } catch (error) {
        if (asMyriadError(error).code !== 'conflict' || tries > 5) throw error;
      }
    }
  }

  async function work(one: Live, caller: Caller): Promise<void> {
    try {
      for (let at = 0; at < one.job.parts.length; at += 1) {
        if (one.job.parts[at]?.status === 'done') continue;
        await writePart(one, at, caller);
        if (one.job.kind === 'draft') await placeSection(one, at, caller);
        else await store.wenku.saveJob(one.job);
        tell(one, { type: 'job', job: one.job });
      }
      set(one, { status: 'done', ...(one.job.kind === 'outline' ? { outline: outlineOfJob(one.job) } : {}) });
    } catch (thrown) {
      const error = asMyriadError(thrown);
      // A closing node leaves the job as running: the next start goes on with it.
      if (one.left) return;
      const stopped = one.abort.signal.aborted;
      if (error.class.kind === 'fault')
        log('error', 'wenku_job_failed', {
          job: one.job.id,
          code: error.code,
          cause: String((error.cause as Error | undefined)?.stack ?? ''),
        });
      set(one, {
        status: stopped ? 'stopped' : 'failed',
        errorCode: stopped ? null : error.code,
        errorText: stopped ? null : error.message,
        parts: one.job.parts.map((part) => (part.status === 'writing' ? { ...part, status: 'failed' } : part)),
      });
    }
    await store.wenku
      .saveJob(one.job)
      .catch((error) => log('error', 'wenku_job_not_saved', { job: one.job.id, code: asMyriadError(error).code }));
  }

  function launch(job: WenkuJob, caller: Caller): Live {
    const one: Live = { job, abort: new AbortController(), readers: new Set(), done: Promise.resolve(), left: false };
    live.set(job.id, one);
    one.done = work(one, caller).finally(() => {
      live.delete(job.id);
      tell(one, { type: 'job', job: one.job });
    });
    return one;
  }

  const noModel = () =>
    new MyriadError(
      'capability_unavailable',
      'Writing needs a generating model, and none is attached. Reading, editing, comparing and export work without one.',
    );

  return {
    async start({ kind, target, input, language, caller }) {
      if (needsModel.has(kind) && !deps.generates()) throw noModel();
      if (kind === 'draft' && this.writing(target))
        throw new MyriadError('conflict', 'This document is being written already.');
      const parts = partsOf(kind, input);
      if (parts.length === 0)
        throw new MyriadError('invalid_request', 'There is nothing to write: the outline or the text is empty.');
      const now = clock.now();
      const job: WenkuJob = {
        id: newId('job', clock, random),
        kind,
        target,
        ownerId: caller.personId ?? caller.actorId,
        language,
        status: 'running',
        input,
        parts,
        outline: null,
        errorCode: null,
        errorText: null,
        createdAt: now,
        updatedAt: now,
      };
      await store.wenku.saveJob(job);
      return launch(job, caller).job;
    },

    async *follow(job, signal) {
      const one = live.get(job.id);
      if (!one) {
        yield { type: 'job', job };
        return;
      }
      const queue: WenkuJobEvent[] = [];
      let wake = () => {};
      const read = (event: WenkuJobEvent) => {
        queue.push(event);
        wake();
      };
      one.readers.add(read);
      signal.addEventListener('abort', () => wake(), { once: true });
      try {
        yield { type: 'job', job: one.job };
        while (!signal.aborted) {
          for (let event = queue.shift(); event; event = queue.shift()) {
            yield event;
            if (event.type === 'job' && event.job.status !== 'running') return;
          }
          if (!live.has(job.id)) {
            yield { type: 'job', job: one.job };
            return;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (queue.length > 0 || signal.aborted) resolve();
          });
        }
      } finally {
        one.readers.delete(read);
      }
    },

    async stop(job) {
      const one = live.get(job.id);
      if (!one) return job;
      one.abort.abort();
      await one.done;
      return one.job;
    },

    present: (job) => live.get(job.id)?.job ?? job,

    writing: (documentId) =>
      [...live.values()].find(({ job }) => job.kind === 'draft' && job.target === documentId)?.job ?? null,

    async resume() {
      let resumed = 0;
      for (const job of await store.wenku.jobs({ status: 'running' })) {
        if (live.has(job.id)) continue;
        const principals = await deps.principalsOf(job.ownerId);
        const long = job.kind === 'outline' || job.kind === 'draft' || job.kind === 'translate';
        if (!long || principals === null || (needsModel.has(job.kind) && !deps.generates())) {
          await store.wenku.saveJob({
            ...job,
            status: 'failed',
            errorCode: 'shutting_down',
            errorText: 'The node stopped while this was being written.',
            updatedAt: clock.now(),
          });
          continue;
        }
        launch(job, { actorId: job.ownerId, personId: job.ownerId, keyId: null, principals });
        resumed += 1;
      }
      return resumed;
    },

    async close() {
      for (const one of live.values()) {
        one.left = true;
        one.abort.abort();
      }
      await Promise.all([...live.values()].map(({ done }) => done));
    },
  };
}
