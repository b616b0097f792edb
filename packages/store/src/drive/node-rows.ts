/** Rows of nodes: what is kept beside the record so that it can be sorted and found. */
import type { DriveNode } from '@myriad/contracts';
import { wordsOfTexts } from '../apps/app-words.ts';
import type { SqlValue, Statement } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { statement } from '../database/statements.ts';
import { nodeCodec } from '../records/codecs.ts';

/** As people sort names: whatever the case and the width, numbers by their size. */
export function sortName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(12, '0'));
}

const extensionOf = (name: string): string => /\.([a-z0-9]{1,16})$/.exec(name.toLowerCase())?.[1] ?? '';

/** Columns that follow from the name. */
export function nameColumns(name: string): {
  readonly name: string;
  readonly sortName: string;
  readonly sortType: string;
} {
  const sorted = sortName(name);
  return { name, sortName: sorted, sortType: `${extensionOf(name)}/${sorted}` };
}

export function nodeRow(node: DriveNode): Record<string, SqlValue> {
  return { ...nodeCodec.encode(node), ...nameColumns(node.name), rank: node.kind === 'folder' ? 0 : 1 };
}

/** A drive as a word of the index, so that a search never leaves the drives it may see. */
export const driveWord = (driveId: string): string => `in ${driveId}`;

const seqOf = `(select "seq" from "driveNode" where "id" = ?)`;

export function addToIndex(dialect: Dialect, node: Pick<DriveNode, 'id' | 'driveId' | 'name'>): Statement {
  const { table, seqColumn, encode } = dialect.driveIndex;
  return statement(`insert into "${table}" ("${seqColumn}", "words") values (${seqOf}, ?)`, [
    node.id,
    encode([...wordsOfTexts([node.name]), driveWord(node.driveId)]),
  ]);
}

export function removeFromIndex(dialect: Dialect, id: string): Statement {
  const { table, seqColumn } = dialect.driveIndex;
  return statement(`delete from "${table}" where "${seqColumn}" = ${seqOf}`, [id]);
}
