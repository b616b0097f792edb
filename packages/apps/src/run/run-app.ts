import {
  type AppEvent,
  type AppRunRequest,
  asMyriadError,
  type Caller,
  type Clock,
  type CompiledManifest,
  type Kernel,
  type Knowledge,
  MyriadError,
  newId,
  type Passage,
  type Random,
  type RetrievalReport,
  type RunSearch,
  type Store,
  type TrafficRules,
} from '@myriad/contracts';
import { createGuard, flagInstructions, type Guard, type GuardPolicy, strictest, type Tally } from '@myriad/kernel';
import { assembleContext, plainRequest } from '../context/assemble-context.ts';
import { checkInputs } from '../context/check-schema.ts';
import { guardMessages, guardPassages } from '../context/guard-messages.ts';
import { readableCollections, retrieveKnowledge, searchQuery } from '../context/retrieve-knowledge.ts';
import { readPages, webQuery } from '../context/search-web.ts';
import { userTexts } from '../context/text-of.ts';
import type { FetchPage } from '../guarded-fetch/fetch-page.ts';
import type { VersionReader } from '../registry/versions.ts';
import { gatherTools } from '../tools/gather-tools.ts';
import type { McpServers } from '../tools/mcp-servers.ts';
import type { HouseTool } from '../tools/tool.ts';
import type { WebSearch } from '../web-search/web-search.ts';
import { type Account, openAccount, settleFailed } from './open-account.ts';
import { problemOf } from './problem-of.ts';
import { type ResolvedRun, resolveRun } from './resolve-run.ts';
import { toolLoop } from './tool-loop.ts';
import { openTrace, type Trace } from './trace.ts';

export interface RunAppWiring {
  readonly store: Pick<Store, 'settings' | 'knowledge'>;
  readonly kernel: Kernel;
  readonly knowledge: Knowledge;
  readonly driveFolders?: (name: string, caller: Caller) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly random: Random;
  readonly versions: VersionReader;
  /** What the cockpit decided about who meets what. */
  readonly rules?: TrafficRules;
  readonly mcp: McpServers;
  readonly fetchPage: FetchPage;
  /** Where runs that may look for web pages; none unless the operator attached one. */
  readonly webSearch?: WebSearch;
  readonly extraTools?: readonly HouseTool[];
  /** The node's own policy; it joins each app's, the stricter word of both. */
  readonly policy?: GuardPolicy;
  /** Told of every run that ended by a fault of ours, with its cause; the reader sees only `internal`. */
  readonly onFault?: (fault: unknown, facts: { readonly runId: string; readonly app: string }) => void;
}

interface OpenedRun {
  readonly request: AppRunRequest;
  readonly resolved: ResolvedRun;
  readonly account: Account;
  readonly trace: Trace;
}

/**
 * Runs an app: version → assignment → account → context → model ↔ tools → settle. Never throws: the stream ends with
 * `done` or `error`, after the ledger is durable. A reader that stops early (`return`) settles the run as aborted.
 */
export async function* runApp(wiring: RunAppWiring, request: AppRunRequest): AsyncGenerator<AppEvent, void> {
  const runId = newId('run', wiring.clock, wiring.random);
  const trace = openTrace(wiring.clock);
  let account: Account | null = null;
  try {
    const resolved = await trace.time('assign', 'version and variant', async (detail) => {
      const found = await resolveRun(request, wiring.versions, wiring.rules);
      const { experiment, variant, reason } = found.assignment;
      const { version, serve, model } = found;
      Object.assign(detail, { version, experiment, variant, reason, serve, model });
      return found;
    });
    checkInputs(resolved.manifest.inputs, request.inputs ?? {});
    account = await openAccount(wiring.kernel, request, resolved, runId, trace);
    const { variant, reason } = resolved.assignment;
    yield { type: 'run', runId, app: request.app.name, version: resolved.version, variant, reason };
    if (resolved.serve === 'none') {
      const { unit } = resolved.assignment;
      throw new MyriadError('app_not_served', resolved.because ?? 'The app is not served.', {
        facts: { variant, unit },
      });
    }
    const finish = yield* answer(wiring, { request, resolved, account, trace });
    await request.beforeSettle?.({ runId, finish });
    yield { type: 'done', run: await account.close('ok', null), finish };
  } catch (cause) {
    const told = await settleFailed(account, cause);
    if (asMyriadError(told).class.kind === 'fault') wiring.onFault?.(told, { runId, app: request.app.name });
    yield { type: 'error', problem: problemOf(told, runId) };
  } finally {
    // Reached without an end only when the reader stopped: nothing may be left open.
    if (account && !account.settled) await account.close('aborted', 'aborted').catch(() => undefined);
  }
}

async function* answer(wiring: RunAppWiring, opened: OpenedRun): AsyncGenerator<AppEvent, string> {
  const { request, resolved, account, trace } = opened;
  const { manifest } = resolved;
  const newApprovalId = () => newId('apr', wiring.clock, wiring.random);
  const guard = createGuard(strictest(manifest.policy, wiring.policy));
  const guarded = await trace.time('policy', 'input policy', (detail) => guardInput(guard, request, detail as Tally));
  const loop = { account, trace, guard, newApprovalId };
  if (resolved.serve === 'model') {
    const chat = plainRequest(guarded);
    const plain: CompiledManifest = { ...manifest, tools: [], model: { ...manifest.model, capabilities: [] } };
    return yield* toolLoop({
      ...loop,
      request: guarded,
      manifest: plain,
      model: null,
      chat,
      tools: new Map(),
      passages: [],
    });
  }
  const passages: Passage[] = [];
  const found = yield* retrieve(wiring, { ...opened, request: guarded }, passages, guard);
  const { collectionIds } = found;
  const { tools, missing } = await gatherTools(
    manifest,
    { ...wiring, settings: wiring.store.settings },
    {
      collectionIds,
      ...(request.documentIds ? { documentIds: request.documentIds } : {}),
      userTexts: userTexts(guarded.messages),
      numberOf: (passage) => numberOf(passages, passage),
      signal: request.signal,
    },
  );
  const definitions = [...tools.values()].map(({ definition }) => definition);
  const searched = collectionIds.length > 0 || passages.length > 0;
  const chat = assembleContext({
    manifest,
    request: guarded,
    passages,
    shown: found.shown,
    searched,
    tools: definitions,
  });
  trace.add('context', 'context', {
    messages: chat.messages.length,
    passages: passages.length,
    tools: [...tools.keys()],
    missing,
  });
  for (const { tool, reason } of missing.filter(({ reason }) => !reason.startsWith('there are no documents'))) {
    const detail = { tool, reason };
    yield { type: 'step', id: `guard:${tool}`, kind: 'guard', title: tool, status: 'failed', detail };
  }
  return yield* toolLoop({ ...loop, request: guarded, manifest, model: resolved.model, chat, tools, passages });
}

/** What the person and the caller sent, as the policy lets it in. */
function guardInput(guard: Guard | null, request: AppRunRequest, tally: Tally): AppRunRequest {
  if (!guard) return request;
  const messages = guardMessages(guard, request.messages, tally);
  if (!request.inputs) return { ...request, messages };
  const inputs = guard.cleanValue(request.inputs, 'message', tally) as AppRunRequest['inputs'] & object;
  return { ...request, messages, inputs };
}

/** A passage's number among the sources; a new one is added at the end. */
function numberOf(passages: Passage[], passage: Passage): number {
  const at = passages.findIndex(({ id }) => id === passage.id);
  return at >= 0 ? at + 1 : passages.push(passage);
}

interface Retrieved {
  readonly collectionIds: readonly string[];
  /** The passages as a model and the reader may see them. */
  readonly shown: readonly Passage[];
}

/** Fills in the passages found, of documents and of the web, and returns the collections that the run may read. */
async function* retrieve(
  wiring: RunAppWiring,
  { request, resolved, trace }: OpenedRun,
  passages: Passage[],
  guard: Guard | null,
): AsyncGenerator<AppEvent, Retrieved> {
  const named = await readableCollections(
    wiring.store,
    resolved.manifest.knowledge,
    request.caller,
    wiring.driveFolders,
  );
  const collectionIds = [...new Set([...named, ...(request.collectionIds ?? [])])];
  const query = searchQuery(userTexts(request.messages));
  if (query === '') return { collectionIds, shown: [] };
  const asked: Asked = { request, trace, query, passages };
  const report = collectionIds.length > 0 ? yield* retrieveDocuments(wiring, asked, collectionIds) : null;
  const fromWeb = request.search?.web ? yield* retrievePages(wiring, asked, request.search) : false;
  if (!report && !fromWeb) return { collectionIds, shown: [] };
  const masked: Tally = {};
  const shown = guardPassages(guard, passages, masked);
  if (Object.keys(masked).length > 0) trace.add('policy', 'documents policy', masked);
  if (resolved.manifest.policy.untrusted === 'mark') {
    const signs = [...new Set(shown.flatMap(({ text }) => flagInstructions(text)))];
    if (signs.length > 0) trace.add('guard', 'untrusted content', { from: 'documents', signs });
  }
  yield { type: 'passages', passages: [...shown], report: report ?? { ...webOnly, candidates: passages.length } };
  return { collectionIds, shown };
}

interface Asked extends Pick<OpenedRun, 'request' | 'trace'> {
  readonly query: string;
  /** What was found is added here. */
  readonly passages: Passage[];
}

const webOnly = { method: 'lexical', because: 'Only the web was searched.', tookMs: 0 } as const;

async function* retrieveDocuments(
  wiring: RunAppWiring,
  { request, trace, query, passages }: Asked,
  collectionIds: readonly string[],
): AsyncGenerator<AppEvent, RetrievalReport | null> {
  const step = { type: 'step', id: 'retrieve', kind: 'retrieve', title: 'knowledge' } as const;
  yield { ...step, status: 'running', detail: { collections: collectionIds.length } };
  const found = await trace.time('retrieve', 'knowledge', async (detail) => {
    const { documentIds, search } = request;
    const result = await retrieveKnowledge(wiring.knowledge, query, collectionIds, documentIds, search);
    detail.collections = collectionIds.length;
    detail.passages = result?.passages.length ?? 0;
    detail.method = result?.report.method ?? null;
    return result;
  });
  if (!found) return null;
  passages.push(...found.passages);
  const { method, candidates, tookMs } = found.report;
  yield { ...step, status: 'done', detail: { passages: found.passages.length, method, candidates, tookMs } };
  return found.report;
}

/** Asks the web source and reads its best pages. A source that fails costs its pages, not the run. */
async function* retrievePages(
  wiring: RunAppWiring,
  { request, trace, query, passages }: Asked,
  { depth, filter }: RunSearch,
): AsyncGenerator<AppEvent, boolean> {
  const step = { type: 'step', id: 'web', kind: 'retrieve', title: wiring.webSearch?.name ?? 'web' } as const;
  if (!wiring.webSearch) {
    yield { ...step, status: 'failed', detail: { reason: 'No web source is attached.' } };
    return false;
  }
  const { webSearch } = wiring;
  const { signal, language = 'en' } = request;
  yield { ...step, status: 'running', detail: {} };
  let reading = false;
  const readStep = { type: 'step', id: 'read', kind: 'retrieve', title: 'pages' } as const;
  try {
    const wanted = webQuery(query, depth, language, filter.from, wiring.clock.now());
    const hits = await trace.time('retrieve', 'web', async (detail) => {
      const found = await webSearch.search(wanted, signal);
      detail.pages = found.length;
      return found;
    });
    yield { ...step, status: 'done', detail: { pages: hits.length } };
    if (hits.length === 0) return false;
    reading = true;
    yield { ...readStep, status: 'running', detail: { pages: hits.length } };
    const read = await trace.time('retrieve', 'pages', async (detail) => {
      const result = await readPages(wiring, query, hits, depth, signal);
      Object.assign(detail, { opened: result.opened, failed: result.failed, passages: result.passages.length });
      return result;
    });
    passages.push(...read.passages);
    const { opened, failed } = read;
    yield { ...readStep, status: 'done', detail: { opened, failed, passages: read.passages.length } };
    return read.passages.length > 0;
  } catch (error) {
    if (signal.aborted) throw new MyriadError('aborted', 'The caller went away.', { cause: error });
    const { code, message } = asMyriadError(error);
    yield { ...(reading ? readStep : step), status: 'failed', detail: { code, reason: message } };
    return false;
  }
}
