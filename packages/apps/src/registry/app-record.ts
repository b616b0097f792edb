import type { AppRecord, Caller, CompiledManifest } from '@myriad/contracts';

/** Finds the id of a person by e-mail; null when nobody has it. */
export type ResolvePerson = (email: string) => Promise<string | null>;

/**
 * `person:<e-mail>` as `person:<id>`, looked up once, when it is written: an e-mail address that somebody takes later
 * opens nothing. An address that nobody has stays as it is and matches nobody.
 */
export async function resolvedPrincipals(
  principals: readonly string[],
  resolvePerson: ResolvePerson | undefined,
): Promise<readonly string[]> {
  if (!resolvePerson) return principals;
  return Promise.all(
    principals.map(async (principal) => {
      const email = principal.match(/^person:(.+@.+)$/)?.[1];
      const id = email === undefined ? null : await resolvePerson(email.toLowerCase());
      return id === null ? principal : `person:${id}`;
    }),
  );
}

type ManifestFields = Pick<
  AppRecord,
  'titleEn' | 'titleZh' | 'descriptionEn' | 'descriptionZh' | 'ownerId' | 'use' | 'edit' | 'expose'
>;

/** What the registry's list shows and searches, taken from a manifest. */
export async function fieldsOf(
  manifest: CompiledManifest,
  caller: Caller,
  resolvePerson: ResolvePerson | undefined,
): Promise<ManifestFields> {
  const [owner] = manifest.owner === null ? [] : await resolvedPrincipals([manifest.owner], resolvePerson);
  return {
    titleEn: manifest.title.en,
    titleZh: manifest.title.zh,
    descriptionEn: manifest.description.en,
    descriptionZh: manifest.description.zh,
    // A person's own id, so that it equals the id of the person; a group stays `group:<name>`.
    ownerId: owner?.replace(/^person:/, '') ?? caller.personId ?? caller.actorId,
    use: await resolvedPrincipals(manifest.access.use, resolvePerson),
    edit: await resolvedPrincipals(manifest.access.edit, resolvePerson),
    expose: manifest.expose,
  };
}
