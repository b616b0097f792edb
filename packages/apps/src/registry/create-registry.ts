import {
  type AppEvent,
  type AppRecord,
  type AppRunRequest,
  type Apps,
  type AppVersion,
  type Caller,
  type Clock,
  type CompiledManifest,
  type ManifestIssue,
  MyriadError,
  newId,
  type Random,
  type Store,
} from '@myriad/contracts';
import { runEvals } from '../evals/run-evals.ts';
import { validateManifest } from '../manifest/validate-manifest.ts';
import { fieldsOf, type ResolvePerson } from './app-record.ts';
import { changedFields, unifiedDiff } from './diff-versions.ts';
import type { VersionReader } from './versions.ts';

export interface RegistryWiring {
  readonly store: Pick<Store, 'apps' | 'audit'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly versions: VersionReader;
  readonly tenant: string;
  readonly mcpServers: readonly string[];
  readonly resolvePerson: ResolvePerson | undefined;
  readonly run: (request: AppRunRequest) => AsyncIterable<AppEvent>;
}

export type Registry = Pick<Apps, 'create' | 'saveDraft' | 'publish' | 'rollback' | 'diff' | 'setStatus'>;

interface Checked {
  readonly manifest: CompiledManifest;
  readonly hash: string;
  readonly issues: readonly ManifestIssue[];
}

const withoutBody = ({ manifest: _manifest, source: _source, ...version }: AppVersion) => version;

/** Drafts, versions and states of apps. Every change is audited. */
export function createRegistry(wiring: RegistryWiring): Registry {
  const { store, clock, versions } = wiring;

  function check(source: string): Checked {
    const { issues, manifest, hash } = validateManifest(source, wiring.mcpServers);
    if (manifest && hash) return { manifest, hash, issues };
    const faults = issues.filter(({ severity }) => severity === 'error');
    const first = faults[0];
    const message = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; line ${first?.line ?? 1}: ${first?.message ?? ''}`;
    throw new MyriadError('manifest_invalid', message, { facts: { issues } });
  }

  function assertSameName(app: AppRecord, manifest: CompiledManifest): void {
    if (manifest.name === app.name) return;
    throw new MyriadError(
      'conflict',
      `The manifest is named ${manifest.name}; an app's name (${app.name}) never changes.`,
    );
  }

  const audit = (caller: Caller, action: string, app: AppRecord, detail: Record<string, unknown> = {}) =>
    store.audit.append({
      time: clock.now(),
      actor: caller.actorId,
      action,
      object: `app:${app.id}`,
      detail: { name: app.name, ...detail },
    });

  async function reread(app: AppRecord): Promise<AppRecord> {
    const fresh = await store.apps.byId(app.id);
    if (!fresh) throw new MyriadError('app_not_found', `There is no app ${app.name}.`);
    return fresh;
  }

  return {
    async create(source, caller, options = {}) {
      const { manifest } = check(source);
      const tenant = options.tenant ?? wiring.tenant;
      if (await store.apps.byName(tenant, manifest.name)) {
        throw new MyriadError('conflict', `There is an app named ${manifest.name} already.`);
      }
      const now = clock.now();
      const app: AppRecord = {
        id: newId('app', clock, wiring.random),
        name: manifest.name,
        tenant,
        ...(await fieldsOf(manifest, caller, wiring.resolvePerson)),
        status: 'draft',
        builtin: options.builtin ?? false,
        currentVersion: null,
        versionNumber: 0,
        hasDraft: true,
        createdAt: now,
        updatedAt: now,
      };
      await store.apps.create(app, { appId: app.id, source, updatedAt: now, updatedBy: caller.actorId });
      await audit(caller, 'app.create', app);
      return app;
    },

    async saveDraft(app, source, caller) {
      // A draft may be wrong: it is somebody's work in progress.
      if (Buffer.byteLength(source) > 256 * 1024) {
        throw new MyriadError('body_too_large', 'A manifest has at most 256 KiB.');
      }
      await store.apps.saveDraft({ appId: app.id, source, updatedAt: clock.now(), updatedBy: caller.actorId });
      await audit(caller, 'app.draft', app);
      return reread(app);
    },

    async publish(app, given, caller, options = {}) {
      const source = given ?? (await store.apps.draft(app.id))?.source ?? null;
      if (source === null) throw new MyriadError('not_found', `${app.name} has no draft to publish.`);
      const { manifest, hash, issues } = check(source);
      assertSameName(app, manifest);
      const known = await store.apps.version(app.id, hash);
      if (known) {
        // The content is a version already: it becomes the current one, and nothing is made twice.
        await store.apps.setCurrent(app.id, hash, app.currentVersion, clock.now());
        await audit(caller, 'app.publish', app, { number: known.number, hash, again: true });
        return { app: await reread(app), version: withoutBody(known), evals: known.evals, issues };
      }
      const evals = options.skipEvals ? null : await runEvals({ clock, run: wiring.run }, { app, manifest, caller });
      if (evals && evals.failed > 0) {
        const reason = evals.results.find(({ passed }) => !passed);
        throw new MyriadError(
          'evals_failed',
          `${evals.failed} of ${evals.results.length} evals failed. ${reason?.name}: ${reason?.reason}`,
          { facts: { report: evals } },
        );
      }
      const now = clock.now();
      const version: AppVersion = {
        appId: app.id,
        hash,
        number: app.versionNumber + 1,
        manifest,
        source,
        publishedAt: now,
        publishedBy: caller.actorId,
        evals,
      };
      const published: AppRecord = {
        ...app,
        ...(await fieldsOf(manifest, caller, wiring.resolvePerson)),
        ...(manifest.owner === null ? { ownerId: app.ownerId } : {}),
        status: app.status === 'draft' ? 'published' : app.status,
        currentVersion: hash,
        versionNumber: version.number,
        hasDraft: false,
        updatedAt: now,
      };
      await store.apps.publish(version, published, app.currentVersion);
      const skipped = manifest.evals.length > 0 && evals === null;
      await audit(caller, 'app.publish', app, { number: version.number, hash, evalsSkipped: skipped });
      return { app: await reread(app), version: withoutBody(version), evals, issues };
    },

    async rollback(app, number, caller) {
      const version = await versions.byNumber(app, number);
      await store.apps.setCurrent(app.id, version.hash, app.currentVersion, clock.now());
      await audit(caller, 'app.rollback', app, { number, hash: version.hash });
      return reread(app);
    },

    async diff(app, from, to) {
      const [before, after] = await Promise.all([versions.byNumber(app, from), versions.byNumber(app, to)]);
      return {
        from,
        to,
        text: unifiedDiff(before.source, after.source, [`${app.name} version ${from}`, `${app.name} version ${to}`]),
        fields: changedFields(before.manifest, after.manifest),
      };
    },

    async setStatus(app, status, caller) {
      if (app.status === 'draft') throw new MyriadError('conflict', `${app.name} was never published.`);
      await store.apps.setStatus(app.id, status, clock.now());
      await audit(caller, 'app.status', app, { from: app.status, to: status });
      return reread(app);
    },
  };
}
