import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateManifest } from './validate-manifest.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/how-to/write-an-app.md'), 'utf8');
const manifests = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] as string);

test('[M2] every manifest of the guide is valid, and the fault that it shows is the one that is told', () => {
  expect(manifests).toHaveLength(2);
  for (const source of manifests) expect(validateManifest(source, ['com.example/orders']).issues).toEqual([]);
  const [issue] = validateManifest((manifests[1] as string).replace('title:', 'titel:')).issues;
  const told = `line ${issue?.line}, column ${issue?.column}: ${issue?.message.replaceAll('`', '')} Did you mean ${issue?.didYouMean}?`;
  expect(guide).toContain(told);
});
