/** Small, faithful stores in memory for this room's tests: the port's rules, no disk. */
import type {
  ApiKey,
  AuditEntry,
  AuditStore,
  Clock,
  Group,
  Invite,
  OrgStore,
  Person,
  Random,
  SettingStore,
} from '@myriad/contracts';

export function memoryOrgStore(): OrgStore & { readonly reads: { keyByHash: number } } {
  const people = new Map<string, Person>();
  const groups = new Map<string, Group>();
  const invites = new Map<string, { invite: Invite; hash: string }>();
  const keys = new Map<string, { key: ApiKey; hash: string }>();
  const reads = { keyByHash: 0 };
  const tick = () => Promise.resolve();
  return {
    reads,
    person: async (id) => people.get(id) ?? null,
    personByEmail: async (email) => [...people.values()].find((person) => person.email === email) ?? null,
    async people({ cursor, limit = 50 }) {
      const all = [...people.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
      const from = cursor ? all.findIndex(({ id }) => id > cursor) : 0;
      const items = from < 0 ? [] : all.slice(from, from + limit);
      return { items, nextCursor: from >= 0 && from + limit < all.length ? (items.at(-1)?.id ?? null) : null };
    },
    countPeople: async () => people.size,
    async savePerson(person) {
      await tick();
      people.set(person.id, person);
    },
    groups: async () => [...groups.values()],
    async saveGroup(group) {
      groups.set(group.id, group);
    },
    async deleteGroup(id) {
      groups.delete(id);
    },
    invite: async (hash) => [...invites.values()].find((known) => known.hash === hash)?.invite ?? null,
    invites: async () => [...invites.values()].map(({ invite }) => invite),
    async saveInvite(invite, hash) {
      invites.set(invite.id, { invite, hash });
    },
    async useInvite(id, usedAt) {
      const known = invites.get(id);
      if (!known || known.invite.usedAt !== null) return false;
      known.invite = { ...known.invite, usedAt };
      return true;
    },
    async keyByHash(hash) {
      reads.keyByHash += 1;
      return [...keys.values()].find((known) => known.hash === hash)?.key ?? null;
    },
    async keys({ ownerId }) {
      const all = [...keys.values()].map(({ key }) => key);
      return { items: all.filter((key) => ownerId === undefined || key.ownerId === ownerId), nextCursor: null };
    },
    key: async (id) => keys.get(id)?.key ?? null,
    async saveKey(key, hash) {
      keys.set(key.id, { key, hash });
    },
    async revokeKey(id, revokedAt) {
      const known = keys.get(id);
      if (known) known.key = { ...known.key, revokedAt };
    },
    async touchKeys(lastUsed) {
      for (const [id, lastUsedAt] of lastUsed) {
        const known = keys.get(id);
        if (known) known.key = { ...known.key, lastUsedAt };
      }
    },
  };
}

export function memoryAudit(): AuditStore & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    async append(entry) {
      const whole = { ...entry, sequence: entries.length + 1, previousHash: '', hash: '' };
      entries.push(whole);
      return whole;
    },
    list: async () => ({ items: entries, nextCursor: null }),
    verify: async () => ({ entries: entries.length, brokenAt: null }),
  };
}

export function memorySettings(): SettingStore {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key) ?? null,
    async set(key, value) {
      values.set(key, structuredClone(value));
    },
    async delete(key) {
      values.delete(key);
    },
    entries: async (prefix) =>
      [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
  };
}

export interface TestClock extends Clock {
  advance(byMs: number): void;
}

/** A clock that stands still until it is advanced; timers fire when it passes them. */
export function testClock(start = Date.UTC(2026, 0, 5)): TestClock {
  let now = start;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    monotonicMs: () => now,
    sleep: () => Promise.resolve(),
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(byMs) {
      now += byMs;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}

/** Deterministic bytes (xorshift32), never for anything but tests. */
export function testRandom(seed = 7): Random {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return { next, bytes: (size) => Uint8Array.from({ length: size }, () => Math.floor(next() * 256)) };
}
