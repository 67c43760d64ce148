// The cost of the public pages after 30 days of history, beside a bare `/healthz` of the same run,
// and how long a session check waits while fifty visitors a second read the security page: `node
// bench/public-pages.js [CHECKOUT]`, a checkout that is built.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, request, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleServer } from '../scripts/bundle.js';

const here = resolve(import.meta.dirname, '..');
const root = resolve(process.argv[2] ?? here);
const days = 30;
const perSecond = 50;
const seconds = 15;
const directory = mkdtempSync(join(tmpdir(), 'flowcept-bench-'));
const port = await freePort();
const variables = {
  PATH: process.env.PATH,
  PORT: `${port}`,
  DATABASE_URL: `file:${directory}/flowcept.db`,
  FLOWCEPT_KEYS: `b1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
  BCRYPT_COST: '10',
  LOG_LEVEL: 'error',
};

const program = join(directory, 'program');
await bundleServer({ root: here, outDir: program, input: { history: 'bench/history.js' } });
symlinkSync(join(here, 'node_modules'), join(directory, 'node_modules'));
execFileSync(process.execPath, [join(program, 'history.js'), `${days}`], {
  cwd: directory,
  env: variables,
  stdio: 'inherit',
});
const claim = execFileSync(process.execPath, [join(root, 'bin', 'flowcept.js'), 'claim'], {
  cwd: directory,
  env: variables,
  encoding: 'utf8',
});
const server = spawn(process.execPath, [join(root, 'bin', 'flowcept.js'), 'serve'], {
  cwd: directory,
  env: variables,
  stdio: 'ignore',
});
const ended = once(server, 'exit');
try {
  while ((await ask('/readyz').catch(() => null))?.status !== 200) await sleep(100);
  const cookie = await signIn(/token=([\w-]+)/.exec(claim)[1]);
  const view = await idle();
  console.log(`${root}\n${view.claims.length} claims, ${days} days of history`);
  await costs();
  await besideReaders(cookie);
} finally {
  server.kill('SIGKILL');
  await ended;
  rmSync(directory, { recursive: true, force: true });
}

/** After the run that every start makes. */
async function idle() {
  for (;;) {
    const { body } = await ask('/api/trust');
    const page = (await ask('/security')).body;
    if (
      !page.includes('/security/run"') &&
      Date.now() - Date.parse(JSON.parse(body).ranAt) < 600_000
    )
      return JSON.parse(body);
    await sleep(1_000);
  }
}

async function costs() {
  const bare = await middle('/healthz', 400);
  console.log(
    `${'GET'.padEnd(38)}${'ms'.padStart(8)}${'× /healthz'.padStart(12)}${'KB sent'.padStart(10)}`,
  );
  for (const path of [
    '/healthz',
    '/security',
    '/security/claims/session-cookies',
    '/api/trust',
    '/.well-known/flowcept-evidence.jws',
    '/docs',
    '/openapi.json',
    '/problems',
    '/',
  ]) {
    const took = path === '/healthz' ? bare : await middle(path, 60);
    const { bytes } = await ask(path, { 'Accept-Encoding': 'gzip, br' });
    console.log(
      `${path.padEnd(38)}${took.toFixed(2).padStart(8)}${(took / bare).toFixed(1).padStart(12)}${(bytes / 1024).toFixed(1).padStart(10)}`,
    );
  }
}

async function middle(path, times) {
  const agent = new Agent({ keepAlive: true });
  const took = [];
  for (let count = 0; count < times; count += 1)
    took.push(
      (await ask(path, { 'Accept-Encoding': 'gzip, br' }, { agent, address: '127.0.3.1' }))
        .milliseconds,
    );
  agent.destroy();
  return took.toSorted((a, b) => a - b)[Math.floor(times / 2)];
}

async function besideReaders(cookie) {
  const check = async (until) => {
    const agent = new Agent({ keepAlive: true });
    const waits = [];
    while (Date.now() < until) {
      waits.push((await ask('/api/session', { Cookie: cookie }, { agent })).milliseconds);
      await sleep(20);
    }
    agent.destroy();
    return waits.toSorted((a, b) => a - b);
  };
  const report = (what, waits) =>
    console.log(
      `${what}: median ${waits[Math.floor(waits.length / 2)].toFixed(1)} ms, 99 of 100 within ${waits[Math.floor(waits.length * 0.99)].toFixed(1)} ms, ${waits.length} checks`,
    );
  report('session checks alone', await check(Date.now() + 5_000));
  const until = Date.now() + seconds * 1_000;
  const statuses = {};
  const readers = (async () => {
    const begun = [];
    for (let nth = 0; Date.now() < until; nth += 1) {
      begun.push(
        ask(
          '/security',
          { 'Accept-Encoding': 'gzip, br' },
          { address: `127.0.4.${1 + (nth % 200)}` },
        ).then(
          ({ status }) => (statuses[status] = (statuses[status] ?? 0) + 1),
          () => (statuses.none = (statuses.none ?? 0) + 1),
        ),
      );
      await sleep(1_000 / perSecond);
    }
    await Promise.all(begun);
  })();
  report(`session checks beside ${perSecond} readers a second`, await check(until));
  await readers;
  console.log(`readers were answered ${JSON.stringify(statuses)}`);
}

async function signIn(token) {
  const body = JSON.stringify({
    token,
    email: 'operator@example.com',
    password: 'quiet rivers carry old maps',
    name: 'Olga',
  });
  const { status, headers } = await ask(
    '/api/operators/claim',
    { 'Content-Type': 'application/json' },
    { method: 'POST', body },
  );
  if (status !== 201) throw new Error(`The claim was answered ${status}.`);
  return headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
}

function ask(path, headers = {}, { method = 'GET', body, agent, address = '127.0.0.1' } = {}) {
  const began = performance.now();
  return new Promise((done, fail) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        agent: agent ?? false,
        localAddress: address,
        headers: { Host: `localhost:${port}`, ...headers },
      },
      (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('end', () => {
          const whole = Buffer.concat(chunks);
          done({
            status: incoming.statusCode,
            headers: incoming.headers,
            bytes: whole.length,
            body: whole.toString(),
            milliseconds: performance.now() - began,
          });
        });
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

async function freePort() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port: free } = listening.address();
  listening.close();
  return free;
}
