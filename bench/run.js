// The whole comparison: `npm start`, or with the options below. Everything runs on loopback and
// ends by itself.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bundleServer } from '../scripts/bundle.js';
import { chart } from './chart.js';
import { ask } from './http.js';
import { checks, hard } from './load.js';
import { betterAuth, flowcept, hono } from './peers.js';
import { coldStart, freePort, start } from './server.js';
import { summarize, table } from './summary.js';

const parts = ['session', 'million', 'hashing', 'shipped', 'storm', 'start'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.join(',') },
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '3' },
    profile: { type: 'string' },
  },
});
const only = new Set(values.only.split(','));
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
/** For both servers that hash: the cheaper the hash, the more the rest of the request shows. */
const cost = 10;
/**
 * The default of Flowcept. A hash takes four times as long, so a round must be four times as long
 * for the same precision.
 */
const shipped = { cost: 12, seconds: 4 * seconds };
/**
 * The accounts whose sessions are checked. The accounts before them sign in again and again, which
 * ends their older sessions.
 */
const people = 48;
const signers = 24;
const coldStarts = 7;
/**
 * Milliseconds after which checks that are due at the start of an existing database have run; there
 * may be none.
 */
const settling = 60_000;
const here = import.meta.dirname;

const workplace = mkdtempSync(join(tmpdir(), 'flowcept-bench-'));
process.once('exit', () => rmSync(workplace, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(1));

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (
    (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
  );
};

/**
 * Each row once a round, and in reverse order every other round, so that other load affects all
 * alike. Medians by member.
 */
async function interleaved(rows) {
  const seen = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const names = round % 2 === 0 ? Object.keys(rows) : Object.keys(rows).reverse();
    for (const name of names) {
      const one = await rows[name]();
      seen[name].push(one);
      console.log(`  ${round + 1}/${rounds} ${name.padEnd(32)} ${JSON.stringify(one)}`);
    }
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, all]) => [
      name,
      Object.fromEntries(
        Object.keys(all[0]).map((member) => [member, median(all.map((one) => one[member]))]),
      ),
    ]),
  );
}

/** Starts a peer and signs users up; their cookies are in the file, one on each line. */
async function open(peer, { directory = join(workplace, peer.name), hashes = cost } = {}) {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const server = await start(peer, {
    directory,
    port,
    cost: hashes,
    profile: values.profile === undefined ? null : resolve(values.profile),
  });
  await server.ready();
  const cookies = join(directory, 'cookies');
  const joined = [];
  if (peer.join)
    await fourAtOnce(
      async (n) => (joined[n] = await peer.join(server.origin, n)),
      signers + people,
    );
  if (!existsSync(cookies))
    writeFileSync(
      cookies,
      peer.join
        ? joined
            .slice(signers)
            .map((cookie) => `${cookie}\n`)
            .join('')
        : 'none=none\n',
    );
  return {
    ...server,
    directory,
    port,
    cookies,
    cookie: joined[signers] ?? 'none=none',
    known: joined.slice(0, signers),
  };
}

async function fourAtOnce(work, count) {
  for (let n = 0; n < count; n += 4)
    await Promise.all(Array.from({ length: 4 }, (_, k) => work(n + k)));
}

/** A database with a million sessions, created at its first use and kept. */
async function million() {
  const directory = join(here, 'data', 'million');
  if (!existsSync(directory)) {
    console.log('Filling a database with a million accounts and sessions …');
    rmSync(`${directory}.part`, { recursive: true, force: true });
    mkdirSync(`${directory}.part`, { recursive: true });
    const program = join(here, 'data', 'program');
    await bundleServer({
      root: join(here, '..'),
      outDir: program,
      input: { million: 'bench/million.js' },
    });
    execFileSync(process.execPath, [join(program, 'million.js'), `${directory}.part`, '1000000'], {
      stdio: 'inherit',
    });
    renameSync(`${directory}.part`, directory);
  }
  const began = Date.now();
  const server = await open({ ...flowcept, join: null }, { directory });
  const isChecked = async () =>
    Date.parse((await ask(`${server.origin}/api/trust`)).body.ranAt) > began;
  while (Date.now() - began < settling && !(await isChecked())) await sleep(500);
  return server;
}

const checking =
  (server, { path = server.peer.check, cookies = server.cookies } = {}) =>
  () =>
    checks({ url: `${server.origin}${path}`, cookies, seconds });

let fresh = 1_000;
const signingIn =
  ({ peer, origin, known }) =>
  (n) =>
    ask(...peer.signIn(origin, n % signers, known[n % signers]));
const signingInAnew =
  ({ peer, origin }) =>
  (n) =>
    ask(...peer.signIn(origin, n % signers));
const signingUp =
  ({ peer, origin }) =>
  () =>
    ask(...peer.signUp(origin, (fresh += 1)));
const perSecond =
  (work, span = seconds) =>
  async () => ({ rate: await hard(work, span) });

/** Session checks, with sign-ins eight at a time beside them. */
const storm = (server) => async () => {
  const [seen, signIns] = await Promise.all([checking(server)(), hard(signingIn(server), seconds)]);
  return { ...seen, signIns };
};
const bcryptLimit = (hashes, span) => async () => ({
  rate: Number(
    execFileSync(process.execPath, [join(here, 'bcrypt-limit.js'), `${hashes}`, `${span}`], {
      encoding: 'utf8',
    }),
  ),
});

console.log('Starting …');
const opened = {
  hono: await open(hono),
  betterAuth: await open(betterAuth),
  flowcept: await open(flowcept),
};
const big = only.has('million') ? await million() : null;
const seen = {};

if (only.has('session')) {
  console.log('Session checks');
  const rows = {
    hono: checking(opened.hono),
    betterAuth: checking(opened.betterAuth),
    betterAuthGuarded: checking(opened.betterAuth, { path: betterAuth.guarded }),
    flowcept: checking(opened.flowcept),
    ...(big && {
      flowceptMillion: checking(big),
      flowceptMillionSpread: checking(big, { cookies: `${big.cookies}-of-all` }),
    }),
  };
  for (const row of Object.values(rows)) await row();
  seen.session = await interleaved(rows);
  seen.memory = Object.fromEntries(
    Object.entries(opened).map(([name, server]) => [name, server.memory()]),
  );
}
if (only.has('hashing')) {
  console.log('Sign-ins and sign-ups');
  seen.hashing = await interleaved({
    bcrypt: bcryptLimit(cost, seconds),
    betterAuthSignIn: perSecond(signingIn(opened.betterAuth)),
    flowceptSignIn: perSecond(signingIn(opened.flowcept)),
    flowceptSignInAnew: perSecond(signingInAnew(opened.flowcept)),
    betterAuthSignUp: perSecond(signingUp(opened.betterAuth)),
    flowceptSignUp: perSecond(signingUp(opened.flowcept)),
  });
}
if (only.has('shipped')) {
  console.log(`Sign-ins and sign-ups at cost ${shipped.cost}`);
  const asShipped = await open(
    { ...flowcept, name: 'Flowcept as shipped' },
    { hashes: shipped.cost },
  );
  seen.shipped = await interleaved({
    bcrypt: bcryptLimit(shipped.cost, shipped.seconds),
    flowceptSignIn: perSecond(signingIn(asShipped), shipped.seconds),
    flowceptSignUp: perSecond(signingUp(asShipped), shipped.seconds),
  });
  await asShipped.stop();
}
if (only.has('storm')) {
  console.log('Session checks while others sign in');
  seen.storm = await interleaved({
    betterAuth: storm(opened.betterAuth),
    flowcept: storm(opened.flowcept),
  });
  seen.memory = Object.fromEntries(
    Object.entries(opened).map(([name, server]) => [name, server.memory()]),
  );
}
for (const server of [...Object.values(opened), big]) await server?.stop();

if (only.has('start')) {
  console.log('Cold starts');
  const times = { hono: [], betterAuth: [], flowcept: [] };
  for (let n = 0; n < coldStarts; n += 1) {
    for (const name of n % 2 === 0 ? Object.keys(times) : Object.keys(times).reverse()) {
      const { peer, directory, port, cookie } = opened[name];
      times[name].push(await coldStart(peer, { directory, port, cost, cookie }));
    }
  }
  seen.start = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

const result = {
  date: new Date().toISOString().slice(0, 10),
  machine: { cores: cpus().length, platform: platform(), arch: arch(), node: process.version },
  setting: { rounds, seconds, cost, shipped: shipped.cost },
  summary: summarize(seen),
  seen,
};
console.log(table(result));
if (parts.every((part) => only.has(part))) {
  writeFileSync(join(here, 'results.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(here, '..', 'docs', 'pictures', 'benchmarks.svg'), chart(result));
}
