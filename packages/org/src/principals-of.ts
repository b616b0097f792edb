import type { Subject } from '@myriad/contracts';

/**
 * Names under which a subject is meant in access lists. A person is meant by id only: an e-mail address that somebody
 * typed is no proof, so manifests that name `person:<e-mail>` are resolved to an id when they are published.
 */
export function principalsOf(subject: Subject): readonly string[] {
  if (subject.kind === 'nobody') return [];
  if (subject.kind === 'system') return ['everyone', 'system'];
  const person = subject.person;
  if (person) {
    if (person.disabled) return [];
    return ['everyone', `person:${person.id}`, ...person.groups.map((group) => `group:${group}`)];
  }
  return subject.kind === 'key' && subject.key.ownerKind === 'app' ? ['everyone', `app:${subject.key.ownerId}`] : [];
}
