import { hash as digest } from 'node:crypto';
import {
  type Clock,
  type Invite,
  MyriadError,
  newId,
  type Person,
  type Random,
  type Role,
  type Store,
} from '@myriad/contracts';
import type { PeopleRegister } from './keep-people.ts';
import type { SignInLibrary } from './open-sign-in-library.ts';

const inviteMs = 7 * 24 * 3600_000;
const ownerLinkMs = 7 * 24 * 3600_000;
/** The owner's link is kept as an invite that nobody made, so that one atomic `useInvite` decides every race. */
const ownerLinkMaker = 'system:owner-link';
/** Stands in until the owner sets an address; `.invalid` can never receive mail. */
export const ownerPlaceholderEmail = 'owner@myriad.invalid';

export interface Admission {
  ownerToken(): Promise<string | null>;
  claimOwner(token: string): Promise<Person>;
  /** The first owner, made when nobody is there yet: the operator's command may come before any visitor. */
  ensureOwner(): Promise<Person>;
  invite(
    wanted: { readonly email?: string; readonly role: Role; readonly groups?: readonly string[] },
    createdBy: string,
  ): Promise<{ readonly invite: Invite; readonly token: string }>;
  invites(): Promise<readonly Invite[]>;
  revokeInvite(id: string): Promise<Invite>;
  accept(accepted: {
    readonly token: string;
    readonly name: string;
    readonly email: string;
    readonly password: string;
  }): Promise<{ readonly person: Person; readonly invite: Invite }>;
}

/** An address in the form that is stored and compared. @throws MyriadError `invalid_request`. */
export function normalEmail(email: string): string {
  const normal = email.trim().toLowerCase();
  if (!/^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/.test(normal)) {
    throw new MyriadError('invalid_request', 'This is not an e-mail address.', { facts: { field: 'email' } });
  }
  return normal;
}

/** A name fit to show. @throws MyriadError `invalid_request`. */
export function normalName(name: string): string {
  const normal = name.trim();
  if (normal === '' || normal.length > 200) {
    throw new MyriadError('invalid_request', 'A name has 1 to 200 characters.', { facts: { field: 'name' } });
  }
  return normal;
}

const hashOf = (token: string) => digest('sha256', token, 'hex');

/** The only two ways in: the owner's one-time link and an invite. Tokens are stored as hashes and work once. */
export function admitPeople(wiring: {
  readonly store: Pick<Store, 'org'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly people: PeopleRegister;
  readonly library: () => Promise<SignInLibrary>;
}): Admission {
  const { store, clock, random, people } = wiring;
  const { org } = store;
  let owner: { readonly token: string; readonly id: string; readonly expiresAt: number } | null = null;

  const newToken = () => Buffer.from(random.bytes(32)).toString('base64url');

  async function usable(token: string, ownerLink: boolean): Promise<Invite> {
    const invite = token.length > 200 ? null : await org.invite(hashOf(token));
    const fits = invite && (invite.createdBy === ownerLinkMaker) === ownerLink;
    if (!fits || invite.usedAt !== null || invite.expiresAt <= clock.now()) {
      throw new MyriadError('unauthenticated', 'This link does not work any more. Ask for a new one.');
    }
    return invite;
  }

  async function useOnce(invite: Invite): Promise<void> {
    if (await org.useInvite(invite.id, clock.now())) return;
    throw new MyriadError('unauthenticated', 'This link was used a moment ago.');
  }

  async function addPerson(wanted: Pick<Person, 'name' | 'email' | 'role' | 'groups'>): Promise<Person> {
    const library = await wiring.library();
    const id = await library.ensureUser({ id: newId('per', clock, random), email: wanted.email, name: wanted.name });
    const now = clock.now();
    const person: Person = { id, ...wanted, disabled: false, createdAt: now, lastSeenAt: now };
    await org.savePerson(person);
    await people.join(person);
    return person;
  }

  /**
   * Whether an owner can come back without the link. Whoever opened it but set no password or passkey can not, once the
   * browser forgets the session: then the next start makes a new link for the same person.
   */
  async function isOwned(): Promise<boolean> {
    if ((await org.countPeople()) === 0) return false;
    const first = await org.personByEmail(ownerPlaceholderEmail);
    if (first === null || first.disabled) return true;
    const library = await wiring.library();
    return (await library.hasPassword(first.id)) || library.hasPasskey(first.id);
  }

  async function ensureOwner(): Promise<Person> {
    const first = await org.personByEmail(ownerPlaceholderEmail);
    return first ?? addPerson({ name: 'Owner', email: ownerPlaceholderEmail, role: 'owner', groups: [] });
  }

  return {
    async ownerToken() {
      if (await isOwned()) return null;
      const now = clock.now();
      if (owner && owner.expiresAt > now) return owner.token;
      // Links of an earlier start are ended: their tokens are nowhere any more.
      for (const invite of await org.invites()) {
        if (invite.createdBy === ownerLinkMaker && invite.usedAt === null) await org.useInvite(invite.id, now);
      }
      const token = newToken();
      const invite: Invite = {
        id: newId('inv', clock, random),
        email: null,
        role: 'owner',
        groups: [],
        createdBy: ownerLinkMaker,
        createdAt: now,
        expiresAt: now + ownerLinkMs,
        usedAt: null,
      };
      await org.saveInvite(invite, hashOf(token));
      owner = { token, id: invite.id, expiresAt: invite.expiresAt };
      return token;
    },

    async claimOwner(token) {
      const invite = await usable(token, true);
      if (await isOwned()) throw new MyriadError('unauthenticated', 'This house has an owner already. Sign in.');
      await useOnce(invite);
      owner = null;
      return ensureOwner();
    },

    ensureOwner,

    async invite(wanted, createdBy) {
      const groups = [...new Set(wanted.groups ?? [])];
      const known = new Set((await org.groups()).map((group) => group.name));
      const missing = groups.find((group) => !known.has(group));
      if (missing !== undefined) throw new MyriadError('not_found', `There is no group ${missing}.`);
      const email = wanted.email === undefined ? null : normalEmail(wanted.email);
      if (email !== null && (await org.personByEmail(email))) {
        throw new MyriadError('conflict', `${email} is in this house already.`);
      }
      const now = clock.now();
      const invite: Invite = {
        id: newId('inv', clock, random),
        email,
        role: wanted.role,
        groups,
        createdBy,
        createdAt: now,
        expiresAt: now + inviteMs,
        usedAt: null,
      };
      const token = newToken();
      await org.saveInvite(invite, hashOf(token));
      return { invite, token };
    },

    invites: async () => (await org.invites()).filter((invite) => invite.createdBy !== ownerLinkMaker),

    async revokeInvite(id) {
      const invite = (await org.invites()).find((known) => known.id === id && known.createdBy !== ownerLinkMaker);
      if (!invite) throw new MyriadError('not_found', `There is no invite ${id}.`);
      if (!(await org.useInvite(id, clock.now()))) throw new MyriadError('conflict', 'The invite was used already.');
      return invite;
    },

    async accept(accepted) {
      const invite = await usable(accepted.token, false);
      const email = normalEmail(accepted.email);
      const name = normalName(accepted.name);
      if (invite.email !== null && invite.email !== email) {
        throw new MyriadError('forbidden', `This invite is for ${invite.email}.`);
      }
      if (await org.personByEmail(email)) {
        throw new MyriadError('conflict', `${email} is in this house already. Sign in.`);
      }
      const library = await wiring.library();
      library.assertPassword(accepted.password);
      await useOnce(invite);
      const known = new Set((await org.groups()).map((group) => group.name));
      const groups = invite.groups.filter((group) => known.has(group));
      const person = await addPerson({ name, email, role: invite.role, groups });
      await library.setPassword(person.id, accepted.password);
      return { person, invite };
    },
  };
}
