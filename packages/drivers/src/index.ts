export { type AiSdkLanguageModel, isAiSdkLanguageModel } from './ai-sdk/language-model.ts';
export { type CatalogueEntry, catalogue, catalogueEntry } from './catalogue/catalogue.ts';
export { importLiteLlm } from './catalogue/import-litellm.ts';
export { importModelsDev } from './catalogue/import-models-dev.ts';
export { createDrivers, type Drivers, type DriversOptions } from './create-drivers.ts';
export { type CollectedAnswer, collectAnswer } from './dialect/collect-answer.ts';
export {
  customaryProbes,
  discoverLocalServers,
  type LocalServer,
  type Probe,
} from './discover/discover-local-servers.ts';
export { endpointFromRequest } from './endpoint-from-request.ts';
export { extractEndpoint } from './extract/extract-endpoint.ts';
export { createFakeDriver, type FakeCall, type FakeDriver, type FakeScript } from './fake/driver.ts';
export { fakeEndpoint } from './fake/fake-endpoint.ts';
export type { FakeReply } from './fake/fake-reply.ts';
export type { Http, HttpAnswer, HttpCall } from './http/http.ts';
export { type HttpOptions, openHttp } from './http/open-http.ts';
export { type Provider, providers } from './providers.ts';
export { estimateRequestTokens, estimateTokens } from './tokens/estimate-tokens.ts';
