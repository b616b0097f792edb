export { createKnowledge, type KnowledgeNeeds } from './create-knowledge.ts';
export { segmentWords } from './words/segment-words.ts';
export { splitSentences } from './words/split-sentences.ts';
