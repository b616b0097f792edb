/**
 * The exam that every model family sits: `describeDriver('anthropic', httpExam({ … }))`. One list of demands, the same
 * expected words and counts for all; fixtures say them in each dialect.
 */
import { afterAll, describe } from 'vitest';
import { examineAnswers } from './answers.exam.ts';
import type { DriverExam } from './driver-exam.ts';
import { examineFailures } from './failures.exam.ts';
import { examineSides } from './sides.exam.ts';
import { examineTransport } from './transport.exam.ts';

export type { DriverExam, ExamSeat, Fixture, HttpSeat } from './driver-exam.ts';
export { examKey, httpExam } from './http-exam.ts';

export function describeDriver(name: string, setup: DriverExam): void {
  describe(`driver ${name}`, () => {
    afterAll(() => setup.http?.closePool());
    examineAnswers(setup);
    if (setup.http) {
      examineFailures(setup.http);
      examineTransport(setup.http, setup.relayPath);
      examineSides(setup, setup.http);
    }
  });
}
