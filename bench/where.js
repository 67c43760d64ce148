// Where the time of a cold start and the memory of a process go, for bare Hono and Flowcept: `node
// where.js`. Linux, loopback, ends by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './http.js';
import { flowcept, hono } from './peers.js';
import { freePort, start } from './server.js';

const workplace = mkdtempSync(join(tmpdir(), 'flowcept-where-'));
process.once('exit', () => rmSync(workplace, { recursive: true, force: true }));
const cost = 10;
const timeoutMs = 60_000;

/** Classifies each profile node by the location of its function. The first match counts. */
const groups = [
  ['idle: waiting for files and sockets', /^\(idle\)/],
  ['garbage collection', /^\(garbage collector\)/],
  ['Node: starting, and its own modules', /^node:(?!internal\/modules)|^\((?:program|root)\)|^$/],
  ['Node: reading, resolving and compiling modules', /^node:internal\/modules/],
  ['packages outside of the bundle (native modules)', /node_modules/],
  ['the bundle: our modules and packages', /./],
];

function timesOf(directory) {
  const [file] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const placeOf = new Map(
    nodes.map(({ id, callFrame: { url, functionName } }) => [id, url || functionName]),
  );
  const sums = Object.fromEntries(groups.map(([name]) => [name, 0]));
  samples.forEach((id, index) => {
    const [name] = groups.find(([, form]) => form.test(placeOf.get(id)));
    sums[name] += timeDeltas[index] / 1_000;
  });
  return sums;
}

/** Megabytes, as the kernel reports them. */
function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return {
    resident: of('Rss'),
    'own (heap, stacks, native memory)': of('Anonymous'),
    'mapped files (Node, native modules)': of('Rss') - of('Anonymous'),
  };
}

async function look(peer) {
  const directory = join(workplace, peer.name.replaceAll(' ', '-'));
  const profile = `${directory}-profile`;
  for (const path of [directory, profile]) mkdirSync(path, { recursive: true });
  const port = await freePort();
  const first = await start(peer, { directory, port, cost });
  await first.ready();
  const cookie = peer.join ? await peer.join(first.origin, 0) : '';
  await first.stop();

  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    PORT: `${port}`,
    ...peer.variables({ directory, port, cost }),
  };
  const flags = ['--cpu-prof', '--cpu-prof-interval', '200', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, ...peer.program], {
    cwd: directory,
    env,
    stdio: 'ignore',
  });
  const began = performance.now();
  const answers = () =>
    ask(`http://127.0.0.1:${port}${peer.check}`, { headers: { Cookie: cookie } }).then(
      ({ body }) => Boolean(body?.user),
      () => false,
    );
  while (!(await answers())) {
    if (performance.now() - began > timeoutMs) throw new Error(`${peer.name} does not answer.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const memory = memoryOf(child.pid);
  child.kill('SIGINT');
  await once(child, 'exit');
  return { times: timesOf(profile), memory };
}

const seen = {
  hono: await look({
    ...hono,
    program: ['--import', join(import.meta.dirname, 'peers', 'ends-on-signal.js'), ...hono.program],
  }),
  flowcept: await look(flowcept),
};
const row = (name, a, b, unit) =>
  console.log(`${name.padEnd(52)} ${a.toFixed(0).padStart(8)} ${b.toFixed(0).padStart(9)} ${unit}`);
console.log(`${''.padEnd(52)} ${'bare Hono'.padStart(8)} ${'Flowcept'.padStart(9)}`);
for (const [name] of groups)
  row(name, seen.hono.times[name], seen.flowcept.times[name], 'ms, profiled');
for (const name of Object.keys(seen.hono.memory))
  row(
    `memory at the first answer: ${name}`,
    seen.hono.memory[name],
    seen.flowcept.memory[name],
    'MB',
  );
process.exit(0);
