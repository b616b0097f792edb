import type { Manifest, ManifestIssue } from '@myriad/contracts';
import { compileSchema } from '../context/check-schema.ts';
import { builtinToolNames } from '../tools/builtin-tool-names.ts';
import { fieldName } from './place-issues.ts';
import type { ReadYaml } from './read-yaml.ts';
import { suggestName } from './suggest-name.ts';

type Finding = Pick<ManifestIssue, 'severity' | 'message' | 'expected' | 'didYouMean'> & {
  readonly path: readonly PropertyKey[];
};

const error = (
  path: readonly PropertyKey[],
  message: string,
  expected: string | null = null,
  didYouMean: string | null = null,
): Finding => ({ severity: 'error', path, message, expected, didYouMean });

/**
 * An app that joins private data, untrusted content and a way out can be talked into sending the data away. Each of the
 * three is read off the manifest: knowledge and MCP servers hold private data; pages of the web are untrusted; a tool that
 * carries arguments out of the house is a way out, unless a person approves each call.
 */
function checkDataFlow({ tools = [], knowledge = [] }: Manifest): Finding[] {
  const fetchesPages = tools.some((tool) => 'tool' in tool && tool.tool === 'fetch_page');
  const hasPrivateData = knowledge.length > 0 || tools.some((tool) => 'mcp' in tool);
  if (!fetchesPages || !hasPrivateData) return [];
  return tools.flatMap((tool, index) => {
    const carriesOut = 'mcp' in tool || tool.tool === 'fetch_page';
    if (!carriesOut || tool.approval === 'always') return [];
    const name = 'mcp' in tool ? tool.mcp : tool.tool;
    return [
      error(
        ['tools', index],
        `The app joins private data with pages of the web, and \`${name}\` can carry data out without anybody's approval.`,
        '`approval: always` on this tool, or no `fetch_page`',
      ),
    ];
  });
}

function checkTools({ tools = [] }: Manifest, mcpServers: readonly string[]): Finding[] {
  return tools.flatMap((tool, index): Finding[] => {
    if ('tool' in tool) {
      if (builtinToolNames.some((name) => name === tool.tool)) return [];
      const expected = `one of ${builtinToolNames.join(', ')}`;
      const meant = suggestName(tool.tool, builtinToolNames);
      return [error(['tools', index, 'tool'], `There is no built-in tool \`${tool.tool}\`.`, expected, meant)];
    }
    if (mcpServers.includes(tool.mcp)) return [];
    return [
      {
        ...error(['tools', index, 'mcp'], `The operator has not set up an MCP server \`${tool.mcp}\`.`),
        severity: 'warning',
        expected: mcpServers.length > 0 ? `one of ${mcpServers.join(', ')}` : null,
        didYouMean: suggestName(tool.mcp, mcpServers),
      },
    ];
  });
}

function checkSchemas(manifest: Manifest): Finding[] {
  return (['inputs', 'output'] as const).flatMap((field) => {
    const schema = manifest[field];
    if (!schema) return [];
    try {
      compileSchema(schema);
      return [];
    } catch (cause) {
      return [error([field], `\`${field}\` is not a JSON Schema: ${(cause as Error).message}`)];
    }
  });
}

function checkEvals({ evals = [] }: Manifest): Finding[] {
  return evals.flatMap(({ expect }, index) => {
    if (expect.matches === undefined) return [];
    try {
      new RegExp(expect.matches, 'iu');
      return [];
    } catch (cause) {
      const path = ['evals', index, 'expect', 'matches'];
      return [error(path, `This is not a regular expression: ${(cause as Error).message}`)];
    }
  });
}

/** Fields of the format that this release reads and does not act on: said, so that nobody relies on them. */
function checkNotYet({ policy }: Manifest): Finding[] {
  const idle: [boolean, readonly string[]][] = [
    [(policy?.egress?.length ?? 0) > 0, ['policy', 'egress']],
    [policy?.retention !== undefined, ['policy', 'retention']],
  ];
  return idle
    .filter(([used]) => used)
    .map(([, path]) => ({ ...error(path, `\`${fieldName(path)}\` has no effect yet.`), severity: 'warning' }));
}

/** What the schema cannot say: known tools, real JSON Schemas and expressions, and no leak by construction. */
export function checkManifest(manifest: Manifest, yaml: ReadYaml, mcpServers: readonly string[]): ManifestIssue[] {
  const findings = [
    ...checkTools(manifest, mcpServers),
    ...checkSchemas(manifest),
    ...checkEvals(manifest),
    ...checkDataFlow(manifest),
    ...checkNotYet(manifest),
  ];
  return findings.map(({ path, ...finding }) => ({
    ...finding,
    ...yaml.positionOf(path, 'value'),
    field: fieldName(path),
  }));
}
