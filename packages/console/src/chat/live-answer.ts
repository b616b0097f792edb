import type { AppEvent, Citation, Passage, Problem, RunRecord, UnsupportedClaim } from '@myriad/contracts';

export interface LiveStep {
  readonly id: string;
  readonly kind: 'retrieve' | 'model' | 'tool' | 'guard';
  readonly title: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface LiveTool {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
  /** null while it runs. */
  readonly ok: boolean | null;
  readonly preview: string | null;
}

export interface LiveApproval {
  readonly approvalId: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** An answer as far as its stream has come. */
export interface LiveAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly citations: readonly Citation[];
  readonly steps: readonly LiveStep[];
  /** What the model was given to answer from. */
  readonly passages: readonly Passage[];
  /** Statements whose source does not say them. */
  readonly unsupported: readonly UnsupportedClaim[];
  readonly tools: readonly LiveTool[];
  readonly approval: LiveApproval | null;
  readonly model: string | null;
  readonly generates: boolean | null;
  readonly problem: Problem | null;
  readonly run: RunRecord | null;
}

export const emptyAnswer: LiveAnswer = {
  text: '',
  reasoning: '',
  citations: [],
  steps: [],
  passages: [],
  unsupported: [],
  tools: [],
  approval: null,
  model: null,
  generates: null,
  problem: null,
  run: null,
};

/** The answer after one more event. Events of a kind not known here (a newer server's) change nothing. */
export function applyEvent(answer: LiveAnswer, event: AppEvent): LiveAnswer {
  switch (event.type) {
    case 'text':
    case 'refusal':
      return { ...answer, text: answer.text + event.text };
    case 'reasoning':
      return { ...answer, reasoning: answer.reasoning + event.text };
    case 'restart':
      return { ...answer, text: '', reasoning: '', citations: [], unsupported: [] };
    case 'citation':
      return { ...answer, citations: [...answer.citations, event.citation] };
    case 'step': {
      const { id, kind, title, status, detail } = event;
      return { ...answer, steps: replaceOrAdd(answer.steps, { id, kind, title, status, detail }) };
    }
    case 'passages':
      return { ...answer, passages: event.passages };
    case 'unsupported': {
      const { number, claim } = event;
      return { ...answer, unsupported: [...answer.unsupported, { number, claim }] };
    }
    case 'model':
      return { ...answer, model: event.model, generates: event.generates };
    case 'toolCall': {
      const { id, name, argumentsJson } = event;
      return { ...answer, tools: replaceOrAdd(answer.tools, { id, name, argumentsJson, ok: null, preview: null }) };
    }
    case 'toolResult': {
      const before = answer.tools.find((tool) => tool.id === event.id);
      const tool = {
        id: event.id,
        name: event.name,
        argumentsJson: before?.argumentsJson ?? '',
        ok: event.ok,
        preview: event.preview,
      };
      return { ...answer, tools: replaceOrAdd(answer.tools, tool), approval: null };
    }
    case 'approval': {
      const { approvalId, name, argumentsJson } = event;
      return { ...answer, approval: { approvalId, name, argumentsJson } };
    }
    case 'error':
      return { ...answer, problem: event.problem, approval: null };
    case 'done':
      return { ...answer, run: event.run, approval: null };
    default:
      return answer;
  }
}

function replaceOrAdd<T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] {
  const at = list.findIndex((each) => each.id === item.id);
  return at === -1 ? [...list, item] : list.with(at, item);
}
