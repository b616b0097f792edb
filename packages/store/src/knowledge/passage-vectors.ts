/** Vectors of passages as the store keeps them: 32-bit floats, little-endian, one row a passage and model. */
import type { KnowledgeStore, PassageVector } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { statement } from '../database/statements.ts';

export function passageVectors(database: Database): Pick<KnowledgeStore, 'saveVectors' | 'vectors' | 'withoutVector'> {
  const { query } = database;
  return {
    async saveVectors(model, vectors) {
      // From the passage itself, so that one deleted meanwhile leaves no vector behind.
      await database.write(
        vectors.map(({ passageId, vector }) =>
          statement(
            `insert into "passageVector" ("passageId", "model", "documentId", "collectionId", "vector")
              select "id", ?, "documentId", "collectionId", ? from "passage" where "id" = ?
              on conflict ("passageId", "model") do update set "vector" = excluded."vector"`,
            [model, bytesOf(vector), passageId],
          ),
        ),
      );
    },
    async vectors(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [string]>(wanted, ['']);
      let select = query
        .selectFrom('passageVector')
        .select(['passageId', 'vector'])
        .where('collectionId', '=', wanted.collectionId)
        .where('model', '=', wanted.model);
      if (cursor) select = select.where('passageId', '>', cursor[0]);
      const rows = await select
        .orderBy('passageId')
        .limit(limit + 1)
        .execute();
      return toPage(
        rows,
        limit,
        ({ passageId }) => [passageId],
        ({ passageId, vector }): PassageVector => ({ passageId, vector: floatsOf(vector) }),
      );
    },
    async withoutVector(model, limit) {
      return query
        .selectFrom('passage')
        .leftJoin('passageVector', (join) =>
          join.onRef('passageVector.passageId', '=', 'passage.id').on('passageVector.model', '=', model),
        )
        .select(['passage.id', 'passage.text'])
        .where('passageVector.passageId', 'is', null)
        .orderBy('passage.seq')
        .limit(limit)
        .execute();
    },
  };
}

const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer.slice(vector.byteOffset, vector.byteOffset + vector.byteLength));

/** A copy, since the bytes of a row need not begin at a multiple of four. */
const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);
