/** Body of a thread that owns one connection: the only writer of the database, or a reader for work that takes long. */
import { parentPort, workerData } from 'node:worker_threads';
import { readProof } from '../backup/read-proof.ts';
import { applyGroup, applyStep, statementCache } from './apply-batch.ts';
import { openConnection } from './open-connection.ts';
import { plainFailure } from './sqlite-failure.ts';
import { packOutcome, unpackGroups } from './wire-batch.ts';
import type { Answer, Request, WriterOptions } from './writer-messages.ts';

const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');

const connection = openConnection(workerData as WriterOptions);
const prepare = statementCache(connection);
const unpack = unpackGroups();

function answer(request: Request): Answer {
  switch (request.kind) {
    case 'group':
      return { kind: 'group', outcomes: applyGroup(connection, prepare, unpack(request)).map(packOutcome) };
    case 'begin':
      connection.exec('begin immediate');
      return { kind: 'done' };
    case 'commit':
      connection.exec('commit');
      return { kind: 'done' };
    case 'rollback':
      if (connection.inTransaction) connection.exec('rollback');
      return { kind: 'done' };
    case 'step':
      return { kind: 'step', result: applyStep(prepare, request.step) };
    case 'read':
      return { kind: 'rows', rows: prepare(request.sql).all(...request.params) };
    case 'copy':
      prepare('vacuum into ?').run(request.path);
      return { kind: 'proof', proof: readProof(request.path) };
    case 'close':
      connection.close();
      return { kind: 'done' };
  }
}

port.on('message', (request: Request) => {
  let reply: Answer;
  try {
    reply = answer(request);
  } catch (error) {
    reply = { kind: 'failed', failure: plainFailure(error) };
  }
  port.postMessage(reply);
  if (request.kind === 'close') port.close();
});
