/** Rules of the operator: which attached models serve which calls first. */
import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1).max(50);

export const routingRuleSchema = z
  .strictObject({
    name: z.string().min(1).max(64).describe('Told in the trace of each call that the rule decided.'),
    when: z
      .strictObject({
        apps: names.optional().describe('Names of apps; a base model without an app is `direct`.'),
        surfaces: z
          .array(z.enum(['openai', 'anthropic', 'mcp', 'page', 'cli', 'eval', 'system']))
          .min(1)
          .optional(),
        languages: z
          .array(z.enum(['zh', 'en']))
          .min(1)
          .optional()
          .describe('Of the last thing that was asked: `zh` where a third of its letters are Chinese, `en` otherwise.'),
        inputTokens: z
          .strictObject({ from: z.int().min(0).optional(), below: z.int().min(1).optional() })
          .optional()
          .describe('Estimated length of the input.'),
      })
      .default({})
      .describe('All that is said has to hold; nothing said fits every call.'),
    levels: z
      .array(
        z
          .strictObject({
            models: names.describe('Public names of attached models.'),
            weights: z
              .array(z.number().positive())
              .optional()
              .describe('Shares of calls, one a model; by merit unless said.'),
          })
          .refine(({ models, weights }) => weights === undefined || weights.length === models.length, {
            message: 'expected one weight a model',
            path: ['weights'],
          }),
      )
      .min(1)
      .max(3)
      .describe('Tried in order: the next serves when none of those before is able to, or all have failed.'),
    otherwise: z.enum(['any', 'refuse']).default('any').describe('Whether other models may serve when no level can.'),
  })
  .describe('One rule.');

export type RoutingRule = z.infer<typeof routingRuleSchema>;
