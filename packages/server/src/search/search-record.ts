/** What is kept of how an answer of Search came about, gathered from the events of its run. */
import type { AppEvent, ConversationMessage, Passage, SearchRecord, SearchSource, SearchStep } from '@myriad/contracts';
import { followUps } from './follow-ups.ts';

export type AskedSearch = Pick<SearchRecord, 'question' | 'depth' | 'scope'>;

export interface SearchWatch {
  add(event: AppEvent): void;
  record(answer: ConversationMessage): SearchRecord;
}

export function watchSearch(asked: AskedSearch, language: 'en' | 'zh'): SearchWatch {
  let sources: readonly SearchSource[] = [];
  let report: SearchRecord['report'] = null;
  const steps = new Map<string, SearchStep>();
  const unsupported: SearchRecord['unsupported'][number][] = [];
  return {
    add(event) {
      if (event.type === 'step') {
        const { type: _, ...step } = event;
        steps.set(step.id, step);
      } else if (event.type === 'passages') {
        sources = event.passages.map(sourceOf);
        report = event.report;
      } else if (event.type === 'unsupported') {
        unsupported.push({ number: event.number, claim: event.claim });
      } else if (event.type === 'restart') unsupported.length = 0;
    },
    record: ({ id, conversationId, citations }) => ({
      ...asked,
      messageId: id,
      conversationId,
      sources,
      report,
      steps: [...steps.values()],
      unsupported,
      followUps: followUps(asked.question, sources, citations, language),
    }),
  };
}

function sourceOf({ sentences: _, ...passage }: Passage): SearchSource {
  const isWeb = passage.documentId.startsWith('web:');
  return { passage, origin: isWeb ? 'web' : 'document', url: isWeb ? passage.documentId.slice(4) : null };
}
