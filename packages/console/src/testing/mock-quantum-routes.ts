import { failureOf, runCircuit } from '@myriad/builtin/quantum';
import type { QuantumJob, QuantumRequest } from '@myriad/contracts';
import { MockRefusal, type MockRoutes } from './mock-types.ts';

const limits = { maxBytes: 2 ** 28, maxSeconds: 30, maxQubits: 64 };
const jobs = new Map<string, QuantumJob>();

function jobOf(id: string | undefined): QuantumJob {
  const job = jobs.get(id ?? '');
  if (!job) throw new MockRefusal('not_found', 'There is no such run of a circuit.');
  return job;
}

/** Runs for real, at once: small circuits only. */
export const quantumRoutes: Pick<MockRoutes, Extract<keyof MockRoutes, `${string}/quantum/${string}`>> = {
  'POST /api/quantum/run': async ({ body, id }) => {
    const job = { id: id('job'), progress: { ratio: 1, remainingMs: 0 } };
    const done = await runCircuit(body as QuantumRequest, { limits }).then(
      (result): QuantumJob => ({ ...job, status: 'done', result, failure: null }),
      (error: unknown): QuantumJob => ({ ...job, status: 'failed', result: null, failure: failureOf(error) }),
    );
    jobs.set(job.id, done);
    return done;
  },
  'POST /api/quantum/describe': ({ id }) => ({
    source: 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nh q[0];\ncx q[0], q[1];\ncx q[1], q[2];\n',
    text: 'Three qubits that always agree.',
    model: 'qianfan/ernie-5.0',
    attempts: [{ runId: id('run'), costMicros: 1_200, failure: null }],
    currency: 'CNY',
  }),
  'GET /api/quantum/run/:id': ({ params }) => jobOf(params.id),
  'DELETE /api/quantum/run/:id': ({ params }) => jobOf(params.id),
};
