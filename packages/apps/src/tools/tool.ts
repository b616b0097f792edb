import type { ToolDefinition } from '@myriad/contracts';

export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
  /** Content that came from outside; it is marked before a model reads it. */
  readonly untrusted: boolean;
}

/** A tool as one run may call it. */
export interface Tool {
  readonly definition: ToolDefinition;
  readonly approval: 'never' | 'always';
  /** Runs it. What it throws goes back to the model as the tool's result. */
  call(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolOutcome>;
}

export const said = (text: string): ToolOutcome => ({ text, isError: false, untrusted: false });
