import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { type Ran, runFlowcept, serverProcesses, type Variables } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const otherRing = `t2:${randomBytes(32).toString('base64')}`;
const ownRing = { FLOWCEPT_KEYS: '' };

describe('a start that must not go on, on libSQL', () => {
  const servers = serverProcesses();
  /** A database that was served, with a journal left behind, as after a crash: by a ring in the environment, and by one in a file. */
  const served: Record<'ring' | 'file', string> = { ring: '', file: '' };

  beforeAll(async () => {
    for (const kind of ['ring', 'file'] as const) {
      served[kind] = await temporaryDirectory();
      const path = join(served[kind], 'flowcept.db');
      const server = await servers.start({ database: { kind: 'libsql', path }, variables: kind === 'file' ? ownRing : {} });
      await server.visitor().join('ada@example.org');
      await server.kill('SIGKILL');
    }
  }, 60_000);

  /** A copy to spoil. */
  const copyOf = async (kind: 'ring' | 'file'): Promise<string> => {
    const folder = await temporaryDirectory();
    await cp(served[kind], folder, { recursive: true });
    return folder;
  };

  it.each<[what: string, variables: Variables, named: RegExp]>([
    ['a port that is none', { PORT: 'eighty' }, /^PORT /],
    ['an address of the site with a path', { PUBLIC_URL: 'http://localhost:3000/app' }, /^PUBLIC_URL /],
    ['a database of another kind', { DATABASE_URL: 'postgres://localhost/flowcept' }, /^DATABASE_URL /],
    ['a ring that is none', { FLOWCEPT_KEYS: 'k1:c2hvcnQ=' }, /^FLOWCEPT_KEYS /],
    ['hashes that are too cheap', { BCRYPT_COST: '4' }, /^BCRYPT_COST /],
    ['no limits off loopback', { PUBLIC_URL: 'https://app.example.org', SMTP_URL: 'smtps://mail.example.org', MAIL_FROM: 'a@example.org', RATE_LIMITS: 'off' }, /^RATE_LIMITS/],
    ['an open site without anything', { PUBLIC_URL: 'http://app.example.org', FLOWCEPT_KEYS: '' }, /^PUBLIC_URL .*\nFLOWCEPT_KEYS .*\nSMTP_URL /],
    ['a certificate that is not there', { PUBLIC_URL: 'https://localhost', TLS_CERT: '/nowhere/cert.pem', TLS_KEY: '/nowhere/key.pem' }, /^TLS_CERT /],
  ])('says in a line what is wrong with %s, and makes nothing', async (_, variables, named) => {
    const folder = await temporaryDirectory();
    const [serve, doctor] = await Promise.all(['serve', 'doctor'].map((command) => runFlowcept([command], folder, { PORT: '34001', ...variables })));
    expectRefusal(serve, named);
    if (!('TLS_CERT' in variables)) expect(doctor?.code).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the port that another process has', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const folder = await temporaryDirectory();
    const ran = await runFlowcept(['serve'], folder, { PORT: `${port}`, DATABASE_URL: `file:${folder}/data/flowcept.db` });
    expectRefusal(ran, new RegExp(`^PORT ${port} `));
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the folder that cannot be made, below a file', async () => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, 'file'), 'no folder');
    await expectRefusedUnchanged(folder, 'file/below/flowcept.db', {}, /file\/below\/flowcept\.db/);
    await expectRefusedUnchanged(folder, 'file/below/flowcept.db', ownRing, /file\/below\/flowcept\.keys/);
  });

  it('does not open a database with another ring', async () => {
    await expectRefusedUnchanged(await copyOf('ring'), 'flowcept.db', { FLOWCEPT_KEYS: otherRing }, /^FLOWCEPT_KEYS .*flowcept\.db\.key/);
  });

  it('makes no new key for a database whose key is missing', async () => {
    const folder = await copyOf('ring');
    await rm(join(folder, 'flowcept.db.key'));
    await expectRefusedUnchanged(folder, 'flowcept.db', {}, /flowcept\.db\.key is missing/);
  });

  it('makes no new ring for a database whose ring is missing', async () => {
    const folder = await copyOf('file');
    await rm(join(folder, 'flowcept.keys'));
    await expectRefusedUnchanged(folder, 'flowcept.db', ownRing, /flowcept\.keys/);
  });

  it('takes no ring that others may read', async () => {
    const folder = await copyOf('file');
    await chmod(join(folder, 'flowcept.keys'), 0o644);
    await expectRefusedUnchanged(folder, 'flowcept.db', ownRing, /flowcept\.keys can be read by others/);
  });

  it('takes no ring that is torn', async () => {
    const folder = await copyOf('file');
    await truncate(join(folder, 'flowcept.keys'), 20);
    await expectRefusedUnchanged(folder, 'flowcept.db', ownRing, /flowcept\.keys is not a keyring/);
  });

  it.each<[what: string, bytes: (file: Buffer) => Buffer]>([
    ['garbage', ({ length }) => randomBytes(length)],
    ['text', () => Buffer.from('This is no database.\n'.repeat(400))],
    ['a first page of zeros', (file) => Buffer.concat([Buffer.alloc(4096), file.subarray(4096)])],
  ])('leaves a database file alone that is %s', async (_, bytes) => {
    const folder = await copyOf('ring');
    const file = join(folder, 'flowcept.db');
    await writeFile(file, bytes(await readFile(file)));
    await expectRefusedUnchanged(folder, 'flowcept.db', {}, /flowcept\.db/);
  });
});

/** No command gets further than a line or a few that name what is wrong, and none changes a byte. */
async function expectRefusedUnchanged(folder: string, file: string, variables: Variables, named: RegExp): Promise<void> {
  const before = await contents(folder);
  const all = { PORT: `${await freePort()}`, DATABASE_URL: `file:${join(folder, file)}`, ...variables };
  const doctor = await runFlowcept(['doctor', '--json'], folder, all);
  expect(doctor.stderr).toBe('');
  expect(doctor.code, doctor.stdout).toBe(1);
  expect(await contents(folder), 'after doctor').toEqual(before);
  const both = await Promise.all(['serve', 'claim'].map((command) => runFlowcept([command], folder, all)));
  for (const ran of both) expectRefusal(ran, named);
  expect(await contents(folder), 'after serve and claim').toEqual(before);
}

function expectRefusal(ran: Ran | undefined, named: RegExp): void {
  const { code, stderr, stdout } = ran ?? { code: null, stderr: '', stdout: '' };
  const lines = stderr.trimEnd().split('\n');
  expect(lines.join('\n')).toMatch(named);
  expect(lines.length).toBeLessThanOrEqual(5);
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |node:internal|Error:/);
  expect(code).toBe(2);
}

async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const described = entries.sort().map(async (name) => {
    const info = await stat(join(folder, name));
    const digest = info.isFile() ? createHash('sha256').update(await readFile(join(folder, name))).digest('hex').slice(0, 16) : 'folder';
    return [name, `${(info.mode & 0o777).toString(8)} ${digest}`] as const;
  });
  return Object.fromEntries(await Promise.all(described));
}
