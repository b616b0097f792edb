import { existsSync, readFileSync } from 'node:fs';
import type { Driver, ModelEndpoint } from '@myriad/contracts';
import type { Http } from '../http/http.ts';
import { openHttp } from '../http/open-http.ts';
import { type MockReply, startMockUpstream } from '../testing/mock-upstream.ts';
import type { DriverExam, Fixture, HttpSeat } from './driver-exam.ts';
import type { Scenario } from './scenarios.ts';

/** A key of the usual shape, to look for in whatever comes out. */
export const examKey = 'sk-exam-5f2b9c1d7e8a4b60SECRETSECRET';

/** The exam of a family over HTTP, with its fixtures in a folder. */
export function httpExam(
  setup: Omit<DriverExam, 'open' | 'http'> & {
    readonly driver: (http: Http) => Driver;
    readonly endpoint: (baseUrl: string) => ModelEndpoint;
    readonly fixtures: URL;
  },
): DriverExam {
  const http = openHttp();
  const driver = setup.driver(http);
  const seat: HttpSeat = {
    apiKey: examKey,
    connect: (server) => driver.connect(setup.endpoint(server.url), examKey),
    fixture: (name) => readFixture(setup.fixtures, name),
    reply: replyOf,
    closePool: () => http.close(),
  };
  return {
    ...setup,
    http: seat,
    async open(scenario: Scenario) {
      const server = await startMockUpstream();
      const fixture = existsSync(new URL(`${scenario}.json`, setup.fixtures)) ? seat.fixture(scenario) : null;
      if (fixture)
        server.answer((request) =>
          replyOf(fixture, /"stream":true/.test(request.body) || request.path.includes('alt=sse')),
        );
      return {
        connection: seat.connect(server),
        sent: () => server.requests.map((request) => JSON.parse(request.body)),
        close: () => server.close(),
      };
    },
  };
}

function readFixture(folder: URL, name: string): Fixture {
  const fixture = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Fixture;
  if (!fixture.source?.startsWith('https://')) throw new TypeError(`The fixture ${name} does not name its source.`);
  return fixture;
}

function replyOf(fixture: Fixture, stream: boolean): MockReply {
  const status = fixture.status ?? 200;
  if (stream && fixture.stream)
    return {
      status,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', ...fixture.headers },
      body: `${fixture.stream.join('\n')}\n\n`,
    };
  const body = typeof fixture.plain === 'string' ? fixture.plain : JSON.stringify(fixture.plain);
  return { status, headers: { 'content-type': 'application/json', ...fixture.headers }, body };
}
