import { Hono } from 'hono';
import { z } from 'zod';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { describeCircuit } from '../quantum/describe-circuit.ts';
import { nodeQuantumLimits } from '../quantum/quantum-desk.ts';
import { type AdminEnv, actorOf, callerOf, need, readJson, signedIn } from './context.ts';

const sourceCharacters = 1_000_000;
const limitUpTo = (most: number) => z.number().positive().max(most).optional();

const quantumRequest = z.strictObject({
  source: z.string().min(1).max(sourceCharacters),
  what: z.enum(['measure', 'amplitude', 'expectation', 'optimise']),
  shots: z.int().min(1).max(1_000_000).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
  bitstring: z
    .string()
    .max(nodeQuantumLimits.maxQubits)
    .regex(/^[01]*$/, 'expected 0 and 1')
    .optional(),
  pauli: z.string().max(100_000).optional(),
  limits: z
    .strictObject({
      maxBytes: limitUpTo(nodeQuantumLimits.maxBytes),
      maxSeconds: limitUpTo(nodeQuantumLimits.maxSeconds),
      maxQubits: limitUpTo(nodeQuantumLimits.maxQubits),
    })
    .optional(),
});

const describeRequest = z.strictObject({
  words: z.string().trim().min(1).max(4000),
  language: z.enum(['en', 'zh']).optional(),
});

/** The Quantum Lab on the node: start a run, ask after it, stop it. Each person has one at a time and sees only their own. */
export function quantumRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.post('/quantum/run', async (c) => {
    const owner = actorOf(signedIn(c));
    const request = await readJson(c, quantumRequest, 4 * sourceCharacters);
    return c.json(house.quantum.start(request, owner));
  });
  routes.post('/quantum/describe', async (c) => {
    const subject = signedIn(c);
    const request = await readJson(c, describeRequest, 64_000);
    const app = await findApp(house, 'quantum-lab');
    need(house, c, 'app.use', appObject(app));
    return c.json(await describeCircuit(house, app, callerOf(house, subject), request, c.req.raw.signal));
  });
  routes.get('/quantum/run/:id', (c) => c.json(house.quantum.find(c.req.param('id'), actorOf(signedIn(c)))));
  routes.delete('/quantum/run/:id', (c) => c.json(house.quantum.cancel(c.req.param('id'), actorOf(signedIn(c)))));
  return routes;
}
