import { StartRefused } from '../config.ts';
import { withSourcePositions } from '../source-positions.ts';
import type { Command } from './command.ts';
import { plain } from './plain-text.ts';

/** Each is loaded when it is asked for: a server starts without the attack cases. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serve,
  doctor: async () => (await import('./doctor.ts')).doctor,
  claim: async () => (await import('./claim.ts')).claim,
  migrate: async () => (await import('./migrate.ts')).migrate,
  drill: async () => (await import('./drill.ts')).drill,
  verify: async () => (await import('./verify.ts')).verify,
};

async function main(words: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  const { given, words: others } = takeOptions(rest, command?.options ?? []);
  const flags = command?.flags ?? [];
  const left = others.filter((word) => word !== '--json' && !flags.includes(word));
  const argument = command?.argument && !left[0]?.startsWith('--') ? (left.shift() ?? null) : null;
  const [unknown] = left;
  if (command && unknown === undefined)
    return command.run({
      json: others.includes('--json'),
      argument,
      given: {
        ...given,
        ...Object.fromEntries(
          others.filter((word) => flags.includes(word)).map((word) => [nameOf(word), word]),
        ),
      },
    });
  const asked = ['help', '--help', '-h'].includes(name);
  const say = asked ? console.log : console.error;
  if (!asked)
    say(command ? `“${unknown}” is no option of ${name}.` : `There is no command “${name}”.`);
  const lines = Object.entries(commands).map(async ([known, load]) => lineOf(known, await load()));
  say(['node bin/flowcept.js COMMAND [--json]', ...(await Promise.all(lines))].join('\n'));
  return asked ? 0 : 2;
}

/** Takes out the options that are followed by a word, with that word. */
function takeOptions(
  words: readonly string[],
  options: readonly string[],
): { given: Partial<Record<string, string>>; words: string[] } {
  const at = words.findIndex((word) => options.includes(word));
  const [option, value] = words.slice(Math.max(at, 0), at + 2);
  if (at < 0 || option === undefined || value === undefined)
    return { given: {}, words: [...words] };
  const rest = takeOptions(words.toSpliced(at, 2), options);
  return { ...rest, given: { [nameOf(option)]: value, ...rest.given } };
}

function nameOf(option: string): string {
  return option.replace(/^--/, '');
}

function lineOf(name: string, { argument, summary }: Command): string {
  return `  ${(argument ? `${name} ${argument}` : name).padEnd(10)} ${summary}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof StartRefused) {
    for (const line of error.lines) console.error(plain(line));
    process.exitCode = 2;
  } else {
    console.error(
      error instanceof Error ? withSourcePositions(error.stack ?? error.message) : error,
    );
    process.exit(1);
  }
}
