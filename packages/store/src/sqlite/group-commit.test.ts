import { expect, test } from 'vitest';
import { statement } from '../database/statements.ts';
import type { DatabaseThread } from './database-thread-client.ts';
import { groupCommit } from './group-commit.ts';
import { unpackGroups } from './wire-batch.ts';

/** A writer that keeps what it was asked and answers when told. */
function scriptedThread() {
  const groups: string[][] = [];
  const unpack = unpackGroups();
  let hold: Promise<void> | null = null;
  const thread: DatabaseThread = {
    async ask(request) {
      if (request.kind !== 'group') return { kind: 'done' };
      const batches = unpack(request);
      groups.push(batches.map(([step]) => String(step?.kind === 'statement' ? step.params[0] : '')));
      await hold;
      return { kind: 'group', outcomes: batches.map(() => [1]) };
    },
    stop: async () => {},
  };
  return {
    groups,
    thread,
    pause: () => {
      const gate = Promise.withResolvers<void>();
      hold = gate.promise;
      return gate.resolve;
    },
  };
}
const batch = (name: string) => [statement('insert ?', [name])];

test('what comes while the writer works is one group, in the order of the calls', async () => {
  const { groups, thread, pause } = scriptedThread();
  const commits = groupCommit(thread);
  const go = pause();
  const first = commits.write(batch('a'));
  await expect.poll(() => groups.length).toBe(1);
  const rest = ['b', 'c', 'd'].map((name) => commits.write(batch(name)));
  go();
  await Promise.all([first, ...rest]);
  expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
});

test('what nobody waits for goes by itself after a while, and at once when the database closes', async () => {
  const { groups, thread } = scriptedThread();
  const commits = groupCommit(thread);
  await commits.writeSoon(() => batch('hold')).written;
  expect(groups).toEqual([['hold']]);
  const late = commits.writeSoon(() => batch('late'));
  await commits.idle();
  await late.written;
  expect(groups).toEqual([['hold'], ['late']]);
});

test('what is withdrawn in time is never made or written; what has gone cannot be withdrawn', async () => {
  const { groups, thread } = scriptedThread();
  const commits = groupCommit(thread);
  let made = 0;
  const make = () => {
    made += 1;
    return batch('hold');
  };
  const withdrawn = commits.writeSoon(make);
  expect(withdrawn.withdraw()).toBe(true);
  await withdrawn.written;
  await commits.write(batch('settle'));
  const gone = commits.writeSoon(make);
  await gone.written;
  expect(gone.withdraw()).toBe(false);
  expect(made).toBe(1);
  expect(groups).toEqual([['settle'], ['hold']]);
});

test('a statement crosses as text once, and as a number from then on', async () => {
  const sent: (readonly string[])[] = [];
  const { thread } = scriptedThread();
  const commits = groupCommit({
    ...thread,
    ask: (request) => {
      if (request.kind === 'group') sent.push(request.texts);
      return thread.ask(request);
    },
  });
  for (const name of ['a', 'b', 'c']) await commits.write(batch(name));
  expect(sent).toEqual([['insert ?'], [], []]);
});
