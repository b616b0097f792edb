/** One JSON line an event on standard error. Never prompts, answers or keys. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void;

const order = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 } as const;

export function createLog(
  threshold: keyof typeof order,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  return (level, event, facts = {}) => {
    if (order[level] > order[threshold]) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...facts })}\n`);
  };
}
