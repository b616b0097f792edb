/** Writes docs/errors.md from the catalogue in contracts: `node scripts/generate-errors.ts`. A test keeps it true. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureCatalogue } from '@myriad/contracts';

const page = join(import.meta.dirname, '../docs/errors.md');

export function errorsPage(): string {
  const rows = Object.entries(failureCatalogue).map(
    ([code, { status, kind, retryable, title }]) =>
      `| \`${code}\` | ${status} | ${kind} | ${retryable ? 'yes' : 'no'} | ${title} |`,
  );
  return `# Errors

Every failure has a code, a sentence with the numbers in it, and facts. On \`/api\` it is an RFC 9457 problem
(\`application/problem+json\`); on OpenAI routes it has OpenAI's shape with the same code. The kind says whose move it is:
the caller's, a policy's, the model server's (\`upstream\`), or ours (\`fault\`). This page is generated from the catalogue
in \`packages/contracts/src/errors.ts\`.

| code | status | kind | worth trying again | title |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, errorsPage());

export const writtenErrorsPage = (): string => readFileSync(page, 'utf8');
