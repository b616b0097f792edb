/** Rows of an app and its version, and the steps that keep its principals and words in line with its record. */
import type { AppRecord, AppVersion } from '@myriad/contracts';
import type { Statement } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { deleteRows, statement } from '../database/statements.ts';
import { appCodec, versionCodec } from '../records/codecs.ts';
import { wordsOfApp } from './app-words.ts';

const surfaces = { chat: 1, api: 2, mcp: 4 } as const;
export type ExposedSurface = keyof typeof surfaces;

export const exposeBit = (surface: ExposedSurface): number => surfaces[surface];

export type AppRow = ReturnType<typeof appRow>;

export function appRow(app: AppRecord) {
  const exposeBits = app.expose.reduce((bits, surface) => bits | surfaces[surface], 0);
  return { ...appCodec.encode(app), exposeBits };
}

export const versionRow = (version: AppVersion) => versionCodec.encode(version);

/** Everyone who may use or edit the app, each once. */
export function principalsOf(app: Pick<AppRecord, 'use' | 'edit'>): readonly string[] {
  return [...new Set([...app.use, ...app.edit])];
}

/** A principal as a word of the index. No word of a text holds a colon, so none can be taken for it. */
export const principalWord = (principal: string): string => `p:${principal}`;

/** Everything under which an app stands in the search index: its words, and who may see it. */
export function indexWords(app: IndexedApp): readonly string[] {
  return [...wordsOfApp(app), ...principalsOf(app).map(principalWord)];
}

export type IndexedApp = Pick<AppRecord, 'id' | 'tenant' | 'use' | 'edit'> & Parameters<typeof wordsOfApp>[0];

const seqOf = `(select "seq" from "app" where "id" = ?)`;

/** Writes the index rows of an app that is already in its table, after taking away those of its record `before`. */
export function indexSteps(
  dialect: Dialect,
  app: IndexedApp,
  before: Pick<AppRecord, 'tenant' | 'use' | 'edit'> | null,
): readonly Statement[] {
  const { table, seqColumn, encode } = dialect.appIndex;
  return [
    ...(before
      ? [
          ...principalsOf(before).map((principal) =>
            statement(`delete from "appPrincipal" where "principal" = ? and "tenant" = ? and "seq" = ${seqOf}`, [
              principal,
              before.tenant,
              app.id,
            ]),
          ),
          statement(`delete from "${table}" where "${seqColumn}" = ${seqOf}`, [app.id]),
        ]
      : []),
    ...principalsOf(app).map((principal) =>
      statement(`insert into "appPrincipal" ("principal", "tenant", "seq") values (?, ?, ${seqOf})`, [
        principal,
        app.tenant,
        app.id,
      ]),
    ),
    statement(`insert into "${table}" ("${seqColumn}", "words") values (${seqOf}, ?)`, [
      app.id,
      encode(indexWords(app)),
    ]),
  ];
}

export const deleteDraft = (appId: string): Statement => deleteRows('appDraft', { appId });
