import {
  type AppRecord,
  type AppVersion,
  type Caller,
  type Clock,
  newId,
  type Random,
  type Store,
} from '@myriad/contracts';
import { readCompiled } from '../manifest/read-compiled.ts';
import { validateManifest, validateManifestData } from '../manifest/validate-manifest.ts';
import { fieldsOf, type ResolvePerson } from './app-record.ts';

const batchSize = 1_000;
/** Reasons kept; a file of a million bad lines is counted, not remembered. */
const rejectedKept = 1_000;

export interface ImportReport {
  readonly imported: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/** One line: a manifest or its compiled form as a JSON object, or YAML as a JSON string, or one-line YAML. */
function readLine(line: string, mcpServers: readonly string[]) {
  if (line.startsWith('{') || line.startsWith('"')) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { ...validateManifest(line, mcpServers), source: line };
    }
    if (typeof value === 'string') return { ...validateManifest(value, mcpServers), source: value };
    if ((value as { schema?: unknown }).schema === 1) return readCompiled(value as object, mcpServers);
    return { ...validateManifestData(value, mcpServers), source: line };
  }
  return { ...validateManifest(line, mcpServers), source: line };
}

/** Registers many apps, a batch in one transaction; a bad line is reported and the rest goes on. */
export async function importApps(
  wiring: {
    readonly store: Pick<Store, 'apps' | 'audit'>;
    readonly clock: Clock;
    readonly random: Random;
    readonly tenant: string;
    readonly mcpServers: readonly string[];
    readonly resolvePerson: ResolvePerson | undefined;
  },
  lines: AsyncIterable<string>,
  caller: Caller,
  onProgress?: (done: number, bad: number) => void,
): Promise<ImportReport> {
  const { store, clock, random } = wiring;
  const rejected: { line: number; reason: string }[] = [];
  let batch: { app: AppRecord; version: AppVersion }[] = [];
  let imported = 0;
  let number = 0;
  let bad = 0;

  /** The batch being written while the next one is read; never more than these two are held. */
  let writing: Promise<void> = Promise.resolve();
  async function flush(): Promise<void> {
    const rows = batch;
    const done = number;
    batch = [];
    await writing;
    writing = (async () => {
      if (rows.length > 0) imported += await store.apps.importMany(rows);
      onProgress?.(done, bad);
    })();
    // Its fault is thrown at the next await; until then it must not count as unhandled.
    writing.catch(() => undefined);
  }

  for await (const raw of lines) {
    number += 1;
    const line = raw.trim();
    if (line === '') continue;
    const { manifest, hash, issues, source } = readLine(line, wiring.mcpServers);
    if (!manifest || !hash) {
      bad += 1;
      const first = issues.find(({ severity }) => severity === 'error');
      const meant = first?.didYouMean ? ` Did you mean \`${first.didYouMean}\`?` : '';
      if (rejected.length < rejectedKept) rejected.push({ line: number, reason: `${first?.message ?? ''}${meant}` });
      continue;
    }
    const now = clock.now();
    const id = newId('app', clock, random);
    const app: AppRecord = {
      id,
      name: manifest.name,
      tenant: wiring.tenant,
      ...(await fieldsOf(manifest, caller, wiring.resolvePerson)),
      status: 'published',
      builtin: false,
      currentVersion: hash,
      versionNumber: 1,
      hasDraft: false,
      createdAt: now,
      updatedAt: now,
    };
    const version: AppVersion = {
      appId: id,
      hash,
      number: 1,
      manifest,
      source,
      publishedAt: now,
      publishedBy: caller.actorId,
      evals: null,
    };
    batch.push({ app, version });
    if (batch.length >= batchSize) await flush();
  }
  await flush();
  await writing;
  const detail = { imported, rejected: bad };
  await store.audit.append({ time: clock.now(), actor: caller.actorId, action: 'app.import', object: 'apps', detail });
  return { imported, rejected };
}
