import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'myriad-config-'));

test('without any file everything has a default, on loopback', () => {
  const { config, file } = loadConfig({ environment: {}, cwd: emptyFolder() });
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8420, data: './myriad-data', database: 'sqlite' });
  expect(config.limits.shutdownMs).toBe(10_000);
  expect(file).toBeNull();
});

test('a flag wins over the environment, which wins over the file, which wins over the default', () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'myriad.yaml'), 'port: 1001\nhost: 0.0.0.0\nlimits:\n  queueMs: 5\n');
  const { config, entries } = loadConfig({
    environment: { MYRIAD_PORT: '1002', MYRIAD_LIMITS_QUEUE_PER_APP: '7', MYRIAD_DETECT_LOCAL_MODELS: 'no' },
    cwd,
    flags: { port: 1003 },
  });
  expect(config).toMatchObject({ port: 1003, host: '0.0.0.0', detectLocalModels: false });
  expect(config.limits).toMatchObject({ queueMs: 5, queuePerApp: 7 });
  const sourceOf = (path: string) => entries.find((entry) => entry.path === path)?.source;
  expect([sourceOf('port'), sourceOf('host'), sourceOf('limits.queuePerApp'), sourceOf('data')]).toEqual([
    'flag',
    'file',
    'environment',
    'default',
  ]);
});

test('a wrong value names the source, the setting and what was expected', () => {
  expect(() => loadConfig({ environment: { MYRIAD_PORT: 'soon' }, cwd: emptyFolder() })).toThrow(
    /MYRIAD_PORT: expected a number/,
  );
  expect(() => loadConfig({ environment: {}, cwd: emptyFolder(), flags: { port: 70_000 } })).toThrow(
    /command line: `port`/,
  );
});

test('a wrong file says line and column; an unknown setting is named', () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'myriad.yaml'), 'port: 1\n  host: [\n');
  expect(() => loadConfig({ environment: {}, cwd })).toThrow(/line \d+, column \d+/);
  writeFileSync(join(cwd, 'myriad.yaml'), 'prot: 1\n');
  expect(() => loadConfig({ environment: {}, cwd })).toThrow(/`prot` is not a setting/);
});

test('the configuration cannot be changed after it was read, and shows no password', () => {
  const { config, entries } = loadConfig({
    environment: {},
    cwd: emptyFolder(),
    flags: { database: 'postgres://u:hunter2@h/db' },
  });
  expect(() => Object.assign(config.limits, { queueMs: 1 })).toThrow();
  expect(JSON.stringify(entries)).not.toContain('hunter2');
});
