// Compares the API with its description, by Schemathesis: `npm run schemathesis -- [its options]`. It starts a server of
// its own on this machine with an empty database, and requests it once as a visitor and once as an operator.
// Needs Python 3; installs Schemathesis in .cache/schemathesis on first use.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'bin', 'flowcept.js');
const version = '4.32.5';
const venv = join(root, '.cache', 'schemathesis', version);

/** Checks that ask for something else than conformance, each with the reason. */
const excluded = {
  positive_data_acceptance:
    'a value that fits its schema is still refused when it is not the code, token or account that exists',
  allow_header_conformance:
    'a path such as /api/factors/passkeys also matches /api/factors/{id}, so its `Allow` names the methods of both',
  ignored_auth:
    'many endpoints serve a visitor as well; `access-control` on the security page tries every endpoint without a session',
};
/** Requests that would end the operator’s session. A visitor still makes them. */
const endsTheSession = [
  'POST /api/sign-out',
  'DELETE /api/account',
  'DELETE /api/sessions',
  'DELETE /api/sessions/{id}',
  'POST /api/account/password',
  'PATCH /api/operator/accounts/{account}',
];

function install() {
  const command = join(venv, 'bin', 'schemathesis');
  if (existsSync(command)) return command;
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
  const pip = join(venv, 'bin', 'pip');
  execFileSync(pip, ['install', '--quiet', `schemathesis==${version}`], { stdio: 'inherit' });
  return command;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function ready(origin, server) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.exitCode !== null) throw new Error('The server did not start.');
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('The server did not become ready within 30 seconds.');
}

/** Creates the first operator and returns the cookies of the session. */
async function operator(origin, env) {
  const printed = execFileSync(process.execPath, [bin, 'claim', '--json'], {
    env,
    encoding: 'utf8',
  });
  const token = /#token=([\w-]+)/.exec(printed)?.[1];
  const answer = await fetch(`${origin}/api/operators/claim`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      token,
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      password: randomUUID(),
    }),
  });
  if (answer.status !== 201) throw new Error(`No operator: ${await answer.text()}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
}

function compare(command, origin, options) {
  const { status } = spawnSync(
    command,
    [
      'run',
      `${origin}/openapi.json`,
      '--checks=all',
      `--exclude-checks=${Object.keys(excluded).join(',')}`,
      '--max-examples=40',
      '--max-time=120',
      '--seed=1',
      '--request-timeout=10',
      '--continue-on-failure',
      '--header',
      `Origin: ${origin}`,
      ...options,
      ...process.argv.slice(2),
    ],
    // It keeps notes in the working directory.
    { stdio: 'inherit', cwd: directory },
  );
  // `null` if it was killed or could not start.
  return status ?? 1;
}

const command = install();
const directory = mkdtempSync(join(tmpdir(), 'flowcept-schemathesis-'));
const port = await freePort();
const origin = `http://localhost:${port}`;
// No other variable: a developer’s SMTP_URL must not send generated email.
const env = {
  PATH: process.env.PATH ?? '',
  TMPDIR: tmpdir(),
  PORT: String(port),
  DATABASE_URL: `file:${join(directory, 'flowcept.db')}`,
  RATE_LIMITS: 'off',
  LOG_LEVEL: 'fatal',
};
const server = spawn(process.execPath, [bin, 'serve'], { env, stdio: 'ignore' });
const ended = new Promise((done) => server.once('exit', done));
try {
  await ready(origin, server);
  const visitor = compare(command, origin, []);
  const cookies = await operator(origin, env);
  const asOperator = compare(command, origin, [
    '--header',
    `Cookie: ${cookies.join('; ')}`,
    '--generation-with-security-parameters=false',
    ...endsTheSession.flatMap((name) => ['--exclude-name', name]),
  ]);
  process.exitCode = visitor || asOperator;
} finally {
  server.kill('SIGTERM');
  await ended;
  rmSync(directory, { recursive: true });
}
