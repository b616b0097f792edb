import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@myriad/contracts';
import { afterAll } from 'vitest';
import { openStore } from '../open-store.ts';
import { describeStore } from './describe-store.exam.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-store-'));
let opened = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));

describeStore('sqlite', () => {
  opened += 1;
  return openStore({ data: join(root, String(opened)), database: 'sqlite', clock: systemClock });
});
