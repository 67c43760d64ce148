import { parseArgs } from 'node:util';
import type { Command } from './command.ts';

/** The command line contains unknown or misused arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Parses the arguments after the command’s name.
 * @throws UsageError
 */
export function parseWords(
  { argument, options }: Command,
  words: readonly string[],
): Parameters<Command['run']>[0] {
  const { values, positionals } = parsed({
    args: [...words],
    options: { ...options, json: { type: 'boolean' } },
    allowPositionals: argument !== undefined,
  });
  const [given = null, unexpected] = positionals;
  if (unexpected !== undefined) throw new UsageError(`Unexpected argument '${unexpected}'`);
  return { json: values['json'] === true, argument: given, values };
}

function parsed(config: Parameters<typeof parseArgs>[0]) {
  try {
    return parseArgs(config);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
