import type { ModelStore } from '@myriad/contracts';
import { referencePattern, resolveSecret } from '../models/resolve-secret.ts';
import type { Seal } from '../models/seal.ts';
import type { Environment } from '../read-environment.ts';
import type { SourceDeskParts } from './source-desk.ts';

const nameOf = (id: string) => `kpi-source:${id}`;

/** Passwords of sources, as keys of models are kept: sealed, or read by reference when needed. */
export function sourcePasswords(parts: {
  readonly secrets: Pick<ModelStore, 'secret' | 'saveSecret' | 'removeSecret'>;
  readonly seal: Seal;
  readonly environment: Environment;
}): SourceDeskParts['passwords'] {
  const { secrets, seal, environment } = parts;
  return {
    async save(id, password) {
      if (referencePattern.test(password)) {
        resolveSecret(password, environment);
        await secrets.removeSecret(nameOf(id));
        return password;
      }
      await secrets.saveSecret(nameOf(id), seal.seal(password, nameOf(id)));
      return 'sealed';
    },
    async read(id, source) {
      if (source === null) return null;
      if (source !== 'sealed') return resolveSecret(source, environment);
      const sealed = await secrets.secret(nameOf(id));
      return sealed ? seal.open(sealed, nameOf(id)) : null;
    },
    remove: (id) => secrets.removeSecret(nameOf(id)),
  };
}
