export { createKnowledge, type KnowledgeNeeds } from './create-knowledge.ts';
