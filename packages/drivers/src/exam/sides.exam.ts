import { describe, expect, test } from 'vitest';
import { startMockUpstream } from '../testing/mock-upstream.ts';
import type { DriverExam, HttpSeat } from './driver-exam.ts';
import { examOptions } from './exam-options.ts';
import { expectNoSecret } from './failures.exam.ts';

/** What stands beside chat: embeddings and lists of models. */
export function examineSides(setup: DriverExam, seat: HttpSeat): void {
  const options = examOptions({ stream: false });

  describe('embeddings', () => {
    test(
      setup.embeddings ? 'vectors come in the order of the inputs, with usage' : 'the family has none and says so',
      async () => {
        const server = await startMockUpstream();
        try {
          const connection = seat.connect(server);
          if (!setup.embeddings) {
            expect(connection.embed).toBeUndefined();
            return;
          }
          server.answer(seat.reply(seat.fixture('embeddings'), false));
          const result = await connection.embed?.({ inputs: ['first words', 'second words'], dimensions: 2 }, options);
          expect(result?.vectors).toEqual([
            [0.1, -0.2],
            [0.25, 0.5],
          ]);
          expect(result?.usage.inputTokens).toBeGreaterThan(0);
          expect(result?.usage.outputTokens).toBe(0);
          expect(server.requests[0]?.body).toContain('first words');
          expect(server.requests[0]?.body).toMatch(/imension\w*":2/);
        } finally {
          await server.close();
        }
      },
    );

    if (setup.embeddings)
      test('fewer vectors than inputs is upstream_protocol, and a refusal has its code', async () => {
        const server = await startMockUpstream();
        try {
          server.answer(seat.reply(seat.fixture('embeddings'), false), seat.reply(seat.fixture('error-rate'), false));
          const connection = seat.connect(server);
          await expect(connection.embed?.({ inputs: ['a', 'b', 'c'] }, options)).rejects.toMatchObject({
            code: 'upstream_protocol',
          });
          await expect(connection.embed?.({ inputs: ['a'] }, options)).rejects.toMatchObject({
            code: 'upstream_rate_limited',
            retryAfterMs: 7000,
          });
        } finally {
          await server.close();
        }
      });
  });

  if (setup.models)
    test('the list of models gives their names, and a bad key is upstream_auth without the key', async () => {
      const server = await startMockUpstream();
      try {
        server.answer(seat.reply(seat.fixture('models'), false), seat.reply(seat.fixture('error-auth'), false));
        const connection = seat.connect(server);
        expect((await connection.listModels?.(options))?.map((model) => model.name)).toEqual(['exam-a', 'exam-b']);
        const refused = await connection.listModels?.(options).catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: 'upstream_auth' });
        expectNoSecret(refused, seat.apiKey);
      } finally {
        await server.close();
      }
    });
}
