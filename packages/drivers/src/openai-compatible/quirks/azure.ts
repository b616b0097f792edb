import { openai } from './openai.ts';
import { defineQuirk } from './quirk.ts';

/** The model's name is the deployment's name. An older API version is set by the endpoint's option `apiVersion`. */
export const azure = defineQuirk({
  ...openai,
  id: 'azure',
  title: 'Azure OpenAI',
  baseUrl: 'https://RESOURCE.openai.azure.com/openai/v1',
  keyUrl: 'https://portal.azure.com/',
  auth: { header: 'api-key', prefix: '' },
  errors: {
    ...openai.errors,
    content_filter: 'content_filtered',
    ResponsibleAIPolicyViolation: 'content_filtered',
    DeploymentNotFound: 'upstream_rejected',
  },
  sources: [
    'https://learn.microsoft.com/azure/ai-foundry/openai/latest',
    'https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter',
  ],
});
