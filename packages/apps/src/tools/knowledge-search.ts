import type { Knowledge, Passage, ToolDefinition } from '@myriad/contracts';
import { retrieveKnowledge } from '../context/retrieve-knowledge.ts';
import type { Tool } from './tool.ts';

/** Made once: a schema is compiled once for as long as its object lives. */
const definition: ToolDefinition = {
  name: 'knowledge_search',
  description:
    'Searches the documents available in this conversation and returns numbered passages. Search with the words that the document would use. Cite what you use by its number, such as [3].',
  parameters: {
    type: 'object',
    properties: { query: { type: 'string', description: 'Words to search for.', minLength: 1, maxLength: 500 } },
    required: ['query'],
    additionalProperties: false,
  },
};

/**
 * `knowledge_search`: a second look into the documents that this run may read.
 *
 * @param number Gives a passage its number among the run's sources, the same for the same passage.
 */
export function knowledgeSearchTool(
  approval: Tool['approval'],
  knowledge: Pick<Knowledge, 'retrieve'>,
  collectionIds: readonly string[],
  number: (passage: Passage) => number,
  documentIds?: readonly string[],
): Tool {
  return {
    approval,
    definition,
    async call({ query }) {
      const found = await retrieveKnowledge(knowledge, String(query), collectionIds, documentIds);
      const passages = found?.passages ?? [];
      const text = passages
        .map((passage) => `[${number(passage)}] ${passage.documentName}\n${passage.text}`)
        .join('\n\n');
      return { text: text || 'Nothing was found.', isError: false, untrusted: passages.length > 0 };
    },
  };
}
