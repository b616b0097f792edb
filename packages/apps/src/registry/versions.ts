import { type AppRecord, type AppVersion, MyriadError, type Store } from '@myriad/contracts';
import { boundedCache } from './bounded-cache.ts';

/** Compiled versions held in memory; at some KB each this bounds the room's memory whatever the number of apps. */
const cachedVersions = 2_000;

export interface VersionReader {
  byHash(app: AppRecord, hash: string): Promise<AppVersion>;
  byNumber(app: AppRecord, number: number): Promise<AppVersion>;
  current(app: AppRecord): Promise<AppVersion | null>;
}

/** Reads versions through a bounded cache; they never change, so nothing needs to be invalidated. */
export function readVersions(store: Pick<Store, 'apps'>): VersionReader {
  const cache = boundedCache<AppVersion>(cachedVersions);
  async function byHash(app: AppRecord, hash: string): Promise<AppVersion> {
    const key = `${app.id}:${hash}`;
    const known = cache.get(key);
    if (known) return known;
    const version = await store.apps.version(app.id, hash);
    if (!version) throw new MyriadError('not_found', `${app.name} has no version ${hash.slice(0, 12)}.`);
    cache.set(key, version);
    return version;
  }
  return {
    byHash,
    async byNumber(app, number) {
      const version = await store.apps.versionByNumber(app.id, number);
      if (!version) throw new MyriadError('not_found', `${app.name} has no version ${number}.`);
      return version;
    },
    current: async (app) => (app.currentVersion === null ? null : byHash(app, app.currentVersion)),
  };
}
