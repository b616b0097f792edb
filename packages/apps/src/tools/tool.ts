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

/** A built-in tool that another room does the work of: handed in by the house, so that this room imports none of it. */
export interface HouseTool {
  readonly definition: ToolDefinition;
  /** The text that the model reads. What it throws goes back to the model as the tool's result. */
  call(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>;
}

export const said = (text: string): ToolOutcome => ({ text, isError: false, untrusted: false });
