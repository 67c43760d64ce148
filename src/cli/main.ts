import { StartRefused } from '../config.ts';
import { claim } from './claim.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { drill } from './drill.ts';
import { migrate } from './migrate.ts';
import { serve } from './serve.ts';

const commands: Record<string, Command> = { serve, doctor, claim, migrate, drill };

async function main(words: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const given = rest.filter((word) => word !== '--json');
  const argument = command?.argument ? (given.shift() ?? null) : null;
  const [unknown] = given;
  if (command && unknown === undefined) return command.run({ json: rest.includes('--json'), argument });
  const asked = ['help', '--help', '-h'].includes(name);
  const say = asked ? console.log : console.error;
  if (!asked) say(command ? `“${unknown}” is no option of ${name}.` : `There is no command “${name}”.`);
  say(['flowcept COMMAND [--json]', ...Object.entries(commands).map(([known, one]) => `  ${usage(known, one).padEnd(10)} ${one.summary}`)].join('\n'));
  return asked ? 0 : 2;
}

function usage(name: string, { argument }: Command): string {
  return argument ? `${name} ${argument}` : name;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  for (const line of error.lines) console.error(line);
  process.exitCode = 2;
}
