import { StartRefused } from '../config.ts';
import { withSourcePositions } from '../source-positions.ts';
import type { Command } from './command.ts';
import { parseWords, UsageError } from './parse-words.ts';
import { plain } from './plain-text.ts';

/** Each command is loaded on demand, so that the server starts without loading the attack cases. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serve,
  doctor: async () => (await import('./doctor.ts')).doctor,
  claim: async () => (await import('./claim.ts')).claim,
  migrate: async () => (await import('./migrate.ts')).migrate,
  drill: async () => (await import('./drill.ts')).drill,
  verify: async () => (await import('./verify.ts')).verify,
};

async function main([name = 'help', ...words]: readonly string[]): Promise<number> {
  if (['help', '--help', '-h'].includes(name)) {
    console.log(await usage());
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  if (!command) throw new UsageError(`Unknown command '${name}'`);
  return command.run(parseWords(command, words));
}

async function usage(): Promise<string> {
  const lines = Object.entries(commands).map(async ([name, load]) => lineOf(name, await load()));
  return ['node bin/flowcept.js COMMAND [--json]', ...(await Promise.all(lines))].join('\n');
}

function lineOf(name: string, { argument, summary }: Command): string {
  return `  ${(argument ? `${name} ${argument}` : name).padEnd(10)} ${summary}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof StartRefused) {
    for (const line of error.lines) console.error(plain(line));
    // Nothing that was already begun keeps a refused start running.
    process.exit(2);
  } else if (error instanceof UsageError) {
    console.error(`${plain(error.message)}\n${await usage()}`);
    process.exitCode = 2;
  } else {
    console.error(
      error instanceof Error ? withSourcePositions(error.stack ?? error.message) : error,
    );
    process.exit(1);
  }
}
