import { type Clock, type Driver, type DriverFamily, systemClock } from '@myriad/contracts';
import { createAiSdkDriver } from './ai-sdk/driver.ts';
import { createAnthropicDriver } from './anthropic/driver.ts';
import { createExtractDriver } from './extract/driver.ts';
import { createFakeDriver } from './fake/driver.ts';
import { createGeminiDriver } from './gemini/driver.ts';
import type { Http } from './http/http.ts';
import { type HttpOptions, openHttp } from './http/open-http.ts';
import { createOpenAiCompatibleDriver } from './openai-compatible/driver.ts';

export interface DriversOptions {
  /** Settings of the connection pool that all families share, or a pool that the caller owns. */
  readonly http?: HttpOptions | Http;
  /** Language model objects of the Vercel AI SDK by name, for the `ai-sdk` family. */
  readonly aiSdkModels?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
}

export interface Drivers {
  /** Drivers are made once and hold no state between calls. */
  driverFor(family: DriverFamily): Driver;
  /** The pool, for `discoverLocalServers`. */
  readonly http: Http;
  /** Cancels what is still open. */
  close(): Promise<void>;
}

export function createDrivers(options: DriversOptions = {}): Drivers {
  const clock = options.clock ?? systemClock;
  const given = options.http;
  const owned = given === undefined || !('call' in given);
  const http = owned ? openHttp({ clock, ...given }) : given;
  const drivers: Readonly<Record<DriverFamily, Driver>> = {
    'openai-compatible': createOpenAiCompatibleDriver(http, clock),
    anthropic: createAnthropicDriver(http, clock),
    gemini: createGeminiDriver(http, clock),
    'ai-sdk': createAiSdkDriver(options.aiSdkModels ?? {}, clock),
    extract: createExtractDriver(),
    fake: createFakeDriver(undefined, clock),
  };
  return {
    driverFor: (family) => drivers[family],
    http,
    close: () => (owned ? http.close() : Promise.resolve()),
  };
}
