import { type AppRecord, MyriadError } from '@myriad/contracts';
import { type House, tenant } from './house.ts';

/** The app of that name or id. @throws `app_not_found`. */
export async function findApp(house: Pick<House, 'store'>, nameOrId: string): Promise<AppRecord> {
  const app =
    (nameOrId.startsWith('app_') ? await house.store.apps.byId(nameOrId) : null) ??
    (await house.store.apps.byName(tenant, nameOrId));
  if (!app)
    throw new MyriadError('app_not_found', `There is no app "${nameOrId}".`, {
      facts: { app: nameOrId.slice(0, 128) },
    });
  return app;
}

/** What `authorize` needs to know of an app. */
export function appObject(app: AppRecord) {
  return { type: 'app', id: app.id, tenant: app.tenant, ownerId: app.ownerId, use: app.use, edit: app.edit } as const;
}
