/** What both eras of MCP serve: the caller's apps, listed, read and called. Every call is a governed run. */
import {
  type AppEvent,
  type AppRecord,
  type Citation,
  MyriadError,
  type RunRecord,
  type Subject,
} from '@myriad/contracts';
import { callerOf } from '../admin/context.ts';
import { appObject, findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import { isObject } from '../http/checks.ts';
import { problemAsError } from '../surface-events.ts';
import {
  appUriTemplate,
  encodeResource,
  encodeResult,
  encodeTool,
  type GatheredRun,
  type Language,
  nameInUri,
  publicFacts,
} from './app-as-tool.ts';
import { McpFailure, rpcCodes } from './mcp-failure.ts';

const pageSize = 50;
const progressEveryMs = 200;

/** Told while the run goes on: characters answered so far, and what happened last. */
export type OnProgress = (characters: number, message: string) => Promise<void>;

export interface ToolCallRequest {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** `_meta` of the call; `myriad.dev/unit` names the unit that is randomised. */
  readonly meta: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
}

export type AppCatalogue = ReturnType<typeof createAppCatalogue>;

export function createAppCatalogue(house: House, subject: Subject, language: Language) {
  const seesAll = house.org.authorize(subject, 'settings.manage', { type: 'house' }).allowed;
  const mayUse = (app: AppRecord) => house.org.authorize(subject, 'app.use', appObject(app)).allowed;

  const page = async (cursor: string | undefined) => {
    const { items, nextCursor } = await house.store.apps.list({
      tenant,
      status: 'published',
      expose: 'mcp',
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
      ...(seesAll ? {} : { principals: house.org.principalsOf(subject) }),
    });
    return { apps: items.filter(mayUse), next: nextCursor ? { nextCursor } : {} };
  };

  /** @throws MyriadError `app_not_found` also for an app that this caller may not use: it does not exist for them. */
  const exposed = async (name: string): Promise<AppRecord> => {
    const app = await findApp(house, name);
    if (!app.expose.includes('mcp') || !mayUse(app))
      throw new MyriadError('app_not_found', `There is no app "${name}".`);
    return app;
  };

  return {
    async listTools(cursor?: string) {
      const { apps, next } = await page(cursor);
      const tools = await Promise.all(
        apps.map(async (app) => encodeTool(app, await house.apps.current(app), language)),
      );
      return { tools, ...next };
    },
    async listResources(cursor?: string) {
      const { apps, next } = await page(cursor);
      return { resources: apps.map((app) => encodeResource(app, language)), ...next };
    },
    listResourceTemplates() {
      return {
        resourceTemplates: [{ uriTemplate: appUriTemplate, name: 'app', title: 'App', mimeType: 'application/json' }],
      };
    },
    /** @throws MyriadError `not_found` for an address that is no app of the caller's. */
    async readResource(uri: string) {
      const name = nameInUri(uri);
      const app = name === null ? null : await exposed(name).catch(() => null);
      if (!app) throw new MyriadError('not_found', `There is no resource ${uri.slice(0, 256)}.`, { facts: { uri } });
      const facts = publicFacts(app, await house.apps.current(app));
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(facts, null, 2) }] };
    },
    /** A run that failed is a result with `isError`, so that the model that called can read why; @throws McpFailure for an unknown tool. */
    async callTool(call: ToolCallRequest) {
      const app = await exposed(call.name).catch(() => {
        throw new McpFailure(rpcCodes.invalidParams, `Unknown tool: ${call.name.slice(0, 128)}`);
      });
      try {
        const version = await house.apps.current(app);
        const hasOwnMessage = isObject(version?.manifest.inputs?.properties)
          ? 'message' in version.manifest.inputs.properties
          : false;
        return encodeResult(await runTool(house, subject, app, call, language, hasOwnMessage), version);
      } catch (thrown) {
        if (thrown instanceof MyriadError && thrown.class.kind !== 'fault') return encodeFailure(thrown);
        throw thrown;
      }
    },
  };
}

function encodeFailure(error: MyriadError) {
  return {
    content: [{ type: 'text' as const, text: error.message }],
    isError: true,
    _meta: {
      'myriad.dev/error': {
        code: error.code,
        retryable: error.class.retryable,
        ...(error.retryAfterMs === undefined ? {} : { retry_after_ms: error.retryAfterMs }),
        ...(typeof error.facts.runId === 'string' ? { run_id: error.facts.runId } : {}),
      },
    },
  };
}

async function runTool(
  house: House,
  subject: Subject,
  app: AppRecord,
  { args, meta, signal, onProgress }: ToolCallRequest,
  language: Language,
  hasOwnMessage: boolean,
): Promise<GatheredRun> {
  const { message, ...others } = args;
  if (typeof message !== 'string' || message === '')
    throw new MyriadError('invalid_request', 'message: Expected a text that is not empty.', {
      facts: { param: 'message' },
    });
  const caller = callerOf(house, subject);
  const unit = meta['myriad.dev/unit'];
  const inputs = hasOwnMessage ? args : others;
  return gather(
    house.apps.run({
      app,
      caller,
      surface: 'mcp',
      messages: [{ role: 'user', content: [{ type: 'text', text: message }] }],
      ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
      unit: typeof unit === 'string' && unit !== '' && unit.length <= 512 ? unit : (caller.personId ?? caller.keyId),
      language,
      stream: onProgress !== undefined,
      signal,
    }),
    house,
    onProgress,
  );
}

/** @throws MyriadError the run's failure, with its `runId` among the facts. */
async function gather(
  events: AsyncIterable<AppEvent>,
  house: House,
  onProgress: OnProgress | undefined,
): Promise<GatheredRun> {
  let text = '';
  let answered = 0;
  let runId = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  const citations: Citation[] = [];
  const tell = async (message: string, always: boolean) => {
    const now = house.clock.monotonicMs();
    if (!onProgress || (!always && now - toldAt < progressEveryMs)) return;
    toldAt = now;
    // Progress must grow: what a restart threw away stays counted.
    answered = Math.max(answered + 1, text.length);
    await onProgress(answered, message);
  };
  for await (const event of events) {
    if (event.type === 'run') runId = event.runId;
    else if (event.type === 'text' || event.type === 'refusal') {
      text += event.text;
      await tell(text.slice(-200), false);
    } else if (event.type === 'citation') citations.push(event.citation);
    else if (event.type === 'step' && event.status === 'running') await tell(event.title, true);
    else if (event.type === 'restart') {
      text = '';
      citations.length = 0;
    } else if (event.type === 'error') {
      const error = problemAsError(event);
      throw new MyriadError(error.code, error.message, {
        cause: error,
        facts: { ...error.facts, runId },
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      });
    } else if (event.type === 'done') {
      const run: RunRecord = event.run;
      return { text, found: event.finish !== 'notFound', citations, run };
    }
  }
  throw new MyriadError('internal', 'The run ended without a record.');
}
