export {
  type MockChatBody,
  type MockChatReply,
  type MockOpenAiOptions,
  type MockOpenAiServer,
  mockOpenAiServer,
} from './mock-openai-server.ts';
export { type MockReply, type MockRequest, type MockUpstream, startMockUpstream } from './mock-upstream.ts';
