/** Publishes the built-in apps: new ones, and those whose manifest changed with this release and that nobody edited. */
import type { Caller } from '@myriad/contracts';
import { type House, tenant } from './house.ts';

const node: Caller = { actorId: 'system', personId: null, keyId: null, principals: ['everyone'] };

export async function installBuiltinApps(
  house: Pick<House, 'apps' | 'store'>,
  sources: readonly string[],
): Promise<void> {
  for (const source of sources) {
    const { manifest, hash, issues } = house.apps.validate(source);
    if (!manifest || !hash) throw new Error(`A built-in manifest is not valid: ${issues[0]?.message}`);
    const existing = await house.store.apps.byName(tenant, manifest.name);
    if (!existing) {
      const app = await house.apps.create(source, node, { builtin: true, tenant });
      await house.apps.publish(app, source, node, { skipEvals: true });
      continue;
    }
    const current = await house.apps.current(existing);
    const untouched = existing.builtin && current?.publishedBy === node.actorId;
    if (untouched && current.hash !== hash) await house.apps.publish(existing, source, node, { skipEvals: true });
  }
}
