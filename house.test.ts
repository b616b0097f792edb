/**
 * The floors of the house. A room's `package.json` dependencies are its allowed imports, through the other room's front
 * door only. This test reads every source file and fails on an undeclared import, a reach past a front door, a circle of
 * rooms or of files, and on reading the environment outside the one file that may.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = import.meta.dirname;
const rooms = readdirSync(join(root, 'packages')).filter((room) =>
  existsSync(join(root, 'packages', room, 'package.json')),
);
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
const environmentReader = 'packages/server/src/read-environment.ts';

interface Room {
  readonly declared: ReadonlySet<string>;
  readonly files: readonly string[];
}

function sourceFiles(room: string): string[] {
  return globSync('packages/' + room + '/{src,bin}/**/*.{ts,tsx,js}', { cwd: root }).filter(
    (file) => !/\/(fixtures|dist)\//.test(file),
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const isTest = (file: string) => /\.(test|exam)\.tsx?$|\/test\//.test(file);
const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const house = new Map<string, Room>(
  rooms.map((room) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', room, 'package.json'), 'utf8'));
    const declared = new Set([
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.optionalDependencies ?? {}),
      ...Object.keys(manifest.peerDependencies ?? {}),
      manifest.name,
    ]);
    return [room, { declared, files: sourceFiles(room) }];
  }),
);

test('[HOUSE1] a room imports only what its package.json declares, through the front door', () => {
  const faults: string[] = [];
  for (const [room, { declared, files }] of house) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', room, 'package.json'), 'utf8'));
    const testOnly = new Set([
      ...Object.keys(manifest.devDependencies ?? {}),
      ...Object.keys(rootManifest.devDependencies),
    ]);
    for (const file of files) {
      for (const specifier of importsOf(file)) {
        if (specifier.startsWith('node:') || builtinModules.includes(specifier)) continue;
        if (specifier.startsWith('.')) {
          const target = resolve(root, dirname(file), specifier);
          if (!target.startsWith(join(root, 'packages', room) + '/'))
            faults.push(`${file} reaches out of its room: ${specifier}`);
          continue;
        }
        const name = packageName(specifier);
        if (!declared.has(name) && !(isTest(file) && testOnly.has(name)))
          faults.push(`${file} imports undeclared ${name}`);
        if (name.startsWith('@myriad/') && specifier !== name && !specifier.endsWith('.css') && !isTest(file)) {
          const exportsOfRoom =
            JSON.parse(readFileSync(join(root, 'packages', name.slice(8), 'package.json'), 'utf8')).exports ?? {};
          if (!(`./${specifier.slice(name.length + 1)}` in exportsOfRoom))
            faults.push(`${file} reaches past the front door: ${specifier}`);
        }
      }
    }
  }
  expect(faults).toEqual([]);
});

/** Returns one circle in the graph as a path, or null. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (node: string): string[] | null => {
    if (onPath.has(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    path.push(node);
    onPath.add(node);
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next);
      if (circle) return circle;
    }
    path.pop();
    onPath.delete(node);
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const circle = visit(node);
    if (circle) return circle;
  }
  return null;
}

test('[HOUSE2] no circle of rooms', () => {
  const graph = new Map(
    [...house].map(([room, { declared }]) => [
      room,
      [...declared]
        .filter((name) => name.startsWith('@myriad/') && name !== `@myriad/${room}`)
        .map((name) => name.slice(8)),
    ]),
  );
  expect(findCircle(graph)).toBeNull();
});

test('[HOUSE3] no circle of files', () => {
  const graph = new Map<string, string[]>();
  for (const { files } of house.values()) {
    for (const file of files) {
      const targets = importsOf(file).filter((specifier) => specifier.startsWith('.'));
      graph.set(
        file,
        targets.map((specifier) => relative(root, resolve(root, dirname(file), specifier))),
      );
    }
  }
  expect(findCircle(graph)).toBeNull();
});

test('[HOUSE4] only one file reads the environment', () => {
  const readers = [...house.values()]
    .flatMap(({ files }) => files)
    .filter((file) => !isTest(file) && /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(readers.filter((file) => file !== environmentReader && !file.startsWith('packages/cli/bin/'))).toEqual([]);
});
