import { validateManifest } from '@myriad/apps';
import { expect, test } from 'vitest';
import { builtinApps } from './builtin-apps.ts';

test('every built-in manifest is valid without a warning, and bears its name', () => {
  for (const { name, source } of builtinApps()) {
    const { issues, manifest } = validateManifest(source);
    expect(issues).toEqual([]);
    expect(manifest?.name).toBe(name);
  }
});

test('each is open to everyone, says itself in both languages, and has a KPI contract', () => {
  for (const { source } of builtinApps()) {
    const { manifest } = validateManifest(source);
    expect(manifest?.access.use).toEqual(['everyone']);
    for (const text of [manifest?.title, manifest?.description, ...(manifest?.starters ?? [])]) {
      expect(text?.zh).toMatch(/\p{Script=Han}/u);
      expect(text?.en).not.toMatch(/\p{Script=Han}/u);
    }
    expect(manifest?.kpi?.metric).toMatch(/^[a-z_]+$/);
  }
});

test('the assistant demands no capability, so that it answers on the model that is built in', () => {
  const assistant = validateManifest(builtinApps().find(({ name }) => name === 'assistant')?.source ?? '').manifest;
  expect(assistant?.model.capabilities).toEqual([]);
  expect(assistant?.tools.map((tool) => (tool.kind === 'builtin' ? tool.name : tool.server))).toEqual([
    'knowledge_search',
    'calculator',
    'current_time',
    'fetch_page',
  ]);
  expect(assistant?.knowledge).toEqual([]);
});
