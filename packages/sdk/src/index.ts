export { MyriadError } from '@myriad/contracts/errors';
export {
  type CallInput,
  createMyriad,
  type Myriad,
  type MyriadOptions,
  pathOf,
  type RouteParams,
  type RouteQuery,
} from './create-myriad.ts';
export type { FollowOptions, NumberedEvent } from './follow-answer.ts';
export { errorOfProblem, errorOfResponse, isProblem } from './problem-error.ts';
export { chunksOf, readEvents, type ServerEvent } from './read-events.ts';
