import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { readConfig, type Config } from '../src/config.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { packageRoot } from '../src/package-root.ts';
import { freePort } from './free-port.ts';
import { overSocket } from './over-socket.ts';
import { Visitor } from './visitor.ts';

export type Variables = Record<string, string>;

/**
 * One set of keys for all, so that processes of one database can share it; `FLOWCEPT_KEYS: ''`
 * removes it.
 */
export const usualVariables: Variables = {
  BCRYPT_COST: '10',
  FLOWCEPT_KEYS: `t1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
};

export interface Launch {
  database: DatabaseSetting;
  variables?: Variables;
  port?: number;
  /** The location of the build, if not in this working tree. */
  root?: string;
  /** Whether its output is a terminal; `lines` are then what is printed there. */
  atTerminal?: boolean;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  readonly config: Config;
  /** Its log so far. */
  lines(): readonly string[];
  /** A client with a cookie jar and an address of its own. */
  visitor(address?: string): Visitor;
  /** Resolves when it can serve. */
  ready(): Promise<void>;
  /** Sends the signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
  /** Closes the pipe of its log, so that nothing reads the log from now on. */
  closeLog(): void;
  readonly ended: Promise<Exit>;
}

const readyWithin = 60_000;

export interface Servers {
  /** A server that can serve. */
  start(launch: Launch): Promise<ServerProcess>;
  /** A server that may have to wait for its database. */
  begin(launch: Launch): Promise<ServerProcess>;
}

/**
 * Starts real servers for one `describe`, each in an empty working directory. Those that still run
 * at the end are stopped.
 */
export function serverProcesses(): Servers {
  const begun: { server: ServerProcess; directory: string }[] = [];
  const begin = async (launch: Launch): Promise<ServerProcess> => {
    const directory = await mkdtemp(join(tmpdir(), 'flowcept-server-'));
    const server = await spawnServer(launch, directory);
    begun.push({ server, directory });
    return server;
  };
  afterAll(async () => {
    await Promise.all(begun.map(({ server }) => server.kill('SIGKILL')));
    await Promise.all(
      begun.map(({ directory }) => rm(directory, { recursive: true, force: true })),
    );
  });
  return {
    begin,
    async start(launch) {
      const server = await begin(launch);
      await server.ready();
      return server;
    },
  };
}

let visitors = 0;

async function spawnServer(
  { database, variables = {}, port: wanted, root = packageRoot, atTerminal }: Launch,
  directory: string,
): Promise<ServerProcess> {
  const port = wanted ?? (await freePort());
  const environment = {
    ...usualVariables,
    DATABASE_URL: urlOf(database),
    PORT: `${port}`,
    ...variables,
  };
  const child = spawnFlowcept(['serve'], {
    cwd: directory,
    variables: environment,
    root,
    ...(atTerminal && { atTerminal }),
  });
  const output = collect(child);
  const ended = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));
  const config = readConfig(environment);
  const app = overSocket(port, { secure: config.tls !== null });
  return {
    port,
    pid: child.pid ?? 0,
    config,
    ended,
    lines: () =>
      output
        .stdout()
        .split('\n')
        .filter((line) => line !== ''),
    visitor: (address) =>
      new Visitor(
        app,
        config,
        address ?? `127.60.${Math.floor((visitors += 1) / 250)}.${1 + (visitors % 250)}`,
      ),
    async ready() {
      const visitor = new Visitor(app, config, '127.0.0.1');
      const isReady = async () => (await visitor.get('/readyz').catch(() => null))?.status === 200;
      for (const giveUpAt = Date.now() + readyWithin; !(await isReady()); await wait(20)) {
        if (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) continue;
        throw new Error(`The server is not ready.\n${output.stdout()}${output.stderr()}`);
      }
    },
    kill(signal) {
      child.kill(signal);
      return ended;
    },
    closeLog() {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  };
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

const runWithin = 120_000;

/** Runs one command to its end, in this working directory. */
export async function runFlowcept(
  words: readonly string[],
  cwd: string,
  variables: Variables = {},
  root = packageRoot,
): Promise<Ran> {
  const child = spawnFlowcept(words, {
    cwd,
    variables: { ...usualVariables, ...variables },
    root,
  });
  const output = collect(child);
  const impatient = setTimeout(() => child.kill('SIGKILL'), runWithin);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(impatient);
  return { code, stdout: output.stdout(), stderr: output.stderr() };
}

interface Spawning {
  cwd: string;
  variables: Variables;
  root: string;
  atTerminal?: boolean;
}

const pseudoTerminal = 'import pty, sys; pty.spawn(sys.argv[1:])';

/** With these variables and no other of Flowcept’s: a developer’s settings change no test. */
function spawnFlowcept(
  words: readonly string[],
  { cwd, variables, root, atTerminal = false }: Spawning,
): ChildProcess {
  const { PATH = '' } = process.env;
  const program = [process.execPath, join(root, 'bin', 'flowcept.js'), ...words];
  const [command = '', ...rest] = atTerminal
    ? ['python3', '-c', pseudoTerminal, ...program]
    : program;
  const child = spawn(command, rest, {
    cwd,
    env: { PATH, TMPDIR: tmpdir(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  return child;
}

function collect({ stdout, stderr }: ChildProcess): { stdout(): string; stderr(): string } {
  const said = [stdout, stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString('utf8');
  });
  return { stdout: () => said[0]?.() ?? '', stderr: () => said[1]?.() ?? '' };
}

export function urlOf(database: DatabaseSetting): string {
  return database.kind === 'libsql' ? `file:${database.path}` : database.url;
}
