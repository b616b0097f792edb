import { hash as digest, timingSafeEqual } from 'node:crypto';
import {
  type ApiKey,
  type Clock,
  type CreatedKey,
  type CreateKeyRequest,
  MyriadError,
  newId,
  type Person,
  type Random,
  type Store,
  type Subject,
} from '@myriad/contracts';

type KeySubject = Extract<Subject, { kind: 'key' }>;

export interface KeyRing {
  /** Resolves at once, without touching the store, for a key seen in the last seconds. */
  authenticate(secret: string): Promise<KeySubject>;
  /** By the key's id, past the cache. @throws MyriadError `unauthenticated`. */
  byId(keyId: string): Promise<KeySubject>;
  create(
    wanted: CreateKeyRequest & { readonly scopes: ApiKey['scopes'] },
    owner: ApiKey['ownerId'],
  ): Promise<CreatedKey>;
  revoke(key: ApiKey): Promise<void>;
  /** Forgets cached subjects of a person whose rights changed. */
  forgetPerson(personId: string): void;
  /** Writes the last uses gathered since the last write. */
  flush(): Promise<void>;
}

/** Another process of the same store learns of a revocation after at most this long; this one at once. */
const cacheMs = 5_000;
const cacheSize = 10_000;
const touchEveryMs = 5_000;
const keyShape = /^myr_[A-Za-z0-9_-]{43}$/;

/**
 * Keys `myr_` + 32 random bytes in base64url. The store keeps the SHA-256; the plain key is shown once. A key is looked up
 * by its hash, so a guess learns nothing from timing but the hash of what it already knows.
 */
export function keepKeys({
  store,
  clock,
  random,
}: {
  readonly store: Pick<Store, 'org'>;
  readonly clock: Clock;
  readonly random: Random;
}): KeyRing {
  const cache = new Map<string, { readonly subject: KeySubject; readonly hash: Buffer; readonly until: number }>();
  const used = new Map<string, number>();
  let cancelTouch: (() => void) | null = null;
  /** Raised by every revocation and change of a person, so that a look-up begun before it is not cached after it. */
  let generation = 0;

  const refuse = (message: string) => Promise.reject(new MyriadError('unauthenticated', message));

  async function flush(): Promise<void> {
    cancelTouch?.();
    cancelTouch = null;
    if (used.size === 0) return;
    const batch = new Map(used);
    used.clear();
    // Best effort: a lost time of last use is no reason to fail anything.
    await store.org.touchKeys(batch).catch(() => undefined);
  }

  function admit(subject: KeySubject, now: number): Promise<KeySubject> {
    const { key } = subject;
    if (key.expiresAt !== null && key.expiresAt <= now) return refuse('The key has expired.');
    used.set(key.id, now);
    cancelTouch ??= clock.after(touchEveryMs, () => void flush());
    return Promise.resolve(subject);
  }

  async function lookUp(hash: string): Promise<KeySubject> {
    const began = generation;
    const subject = await subjectOf(await store.org.keyByHash(hash));
    if (began === generation) {
      cache.set(hash, { subject, hash: Buffer.from(hash, 'hex'), until: clock.now() + cacheMs });
      if (cache.size > cacheSize) cache.delete(cache.keys().next().value as string);
    }
    return subject;
  }

  async function subjectOf(key: ApiKey | null): Promise<KeySubject> {
    if (!key) throw new MyriadError('unauthenticated', 'The key is not known here.');
    if (key.revokedAt !== null) throw new MyriadError('unauthenticated', 'The key is revoked.');
    let person: Person | null = null;
    if (key.ownerKind === 'person') {
      person = await store.org.person(key.ownerId);
      if (!person || person.disabled) throw new MyriadError('unauthenticated', "The key's owner is gone or disabled.");
    }
    return { kind: 'key', key, person };
  }

  return {
    authenticate(secret) {
      if (!keyShape.test(secret)) return refuse('This is not a key of this house (`myr_…`).');
      const hash = digest('sha256', secret, 'hex');
      const now = clock.now();
      const known = cache.get(hash);
      if (known && known.until > now && timingSafeEqual(known.hash, Buffer.from(hash, 'hex'))) {
        return admit(known.subject, now);
      }
      cache.delete(hash);
      return lookUp(hash).then((subject) => admit(subject, now));
    },

    byId: async (keyId) => admit(await subjectOf(await store.org.key(keyId)), clock.now()),

    async create(wanted, owner) {
      const secret = `myr_${Buffer.from(random.bytes(32)).toString('base64url')}`;
      const now = clock.now();
      if (wanted.name.trim() === '' || wanted.name.length > 200) {
        throw new MyriadError('invalid_request', 'A key needs a name of 1 to 200 characters.');
      }
      if (wanted.expiresAt != null && wanted.expiresAt <= now) {
        throw new MyriadError('invalid_request', 'The key would have expired already.');
      }
      const key: ApiKey = {
        id: newId('key', clock, random),
        name: wanted.name.trim(),
        prefix: secret.slice(0, 10),
        ownerKind: wanted.forApp === undefined ? 'person' : 'app',
        ownerId: wanted.forApp ?? owner,
        scopes: [...new Set(wanted.scopes)],
        apps: [...new Set(wanted.apps ?? [])],
        createdAt: now,
        expiresAt: wanted.expiresAt ?? null,
        lastUsedAt: null,
        revokedAt: null,
      };
      await store.org.saveKey(key, digest('sha256', secret, 'hex'));
      return { key, secret };
    },

    async revoke(key) {
      await store.org.revokeKey(key.id, clock.now());
      generation += 1;
      for (const [hash, { subject }] of cache) if (subject.key.id === key.id) cache.delete(hash);
    },

    forgetPerson(personId) {
      generation += 1;
      for (const [hash, { subject }] of cache) if (subject.person?.id === personId) cache.delete(hash);
    },

    flush,
  };
}
