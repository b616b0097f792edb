/** A MariaDB server of its own in a temporary folder, where one is installed; null elsewhere. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const places = [
  '/usr/sbin/mariadbd',
  '/usr/local/sbin/mariadbd',
  '/usr/libexec/mariadbd',
  '/opt/homebrew/bin/mariadbd',
];

export interface MariadbServer {
  readonly port: number;
  /** Statements as the administrator, one after another. */
  run(sql: string): void;
  stop(): Promise<void>;
}

export async function startMariadb(): Promise<MariadbServer | null> {
  const program = places.find((place) => existsSync(place));
  if (!program) return null;
  const folder = mkdtempSync(join(tmpdir(), 'myriad-mariadb-'));
  const data = join(folder, 'data');
  const socket = join(folder, 's');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const made = spawnSync('mariadb-install-db', [
    ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
  ]);
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}`);
  const port = await freePort();
  const server = spawn(
    program,
    ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1', ...user],
    { stdio: 'ignore' },
  );
  const over = new Promise((resolve) => server.once('exit', resolve));
  const client = (sql: string) =>
    spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--default-character-set=utf8mb4'], {
      input: sql,
      encoding: 'utf8',
    });
  while (client('select 1').status !== 0) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    port,
    run(sql) {
      const { status, stderr } = client(sql);
      if (status !== 0) throw new Error(stderr);
    },
    async stop() {
      server.kill('SIGTERM');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
