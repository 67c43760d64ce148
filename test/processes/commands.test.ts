import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseSetting } from '../../src/environment.ts';
import { packageRoot } from '../../src/package-root.ts';
import { freePort } from '../free-port.ts';
import { onBothStores } from '../on-both-stores.ts';
import {
  runFlowcept,
  serverProcesses,
  urlOf,
  usualVariables,
  type Variables,
} from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { goodPassword } from '../visitor.ts';

onBothStores('the commands', (makeDatabase) => {
  const servers = serverProcesses();
  let database: DatabaseSetting;
  let folder: string;
  let variables: Variables;

  beforeAll(async () => {
    [database, folder] = [await makeDatabase(), await temporaryDirectory()];
    variables = { PORT: `${await freePort()}`, DATABASE_URL: urlOf(database) };
  });
  const flowcept = (...words: string[]) => runFlowcept(words, folder, variables);

  it('doctor finds no fault before the first start, and creates nothing', async () => {
    const { code, stdout, stderr } = await runFlowcept(['doctor'], folder, {
      ...variables,
      FLOWCEPT_KEYS: '',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ settings/);
    expect(stdout).not.toContain('✗');
    expect(await readdir(folder)).toEqual([]);
  });

  it('migrate prepares the database, also repeatedly and concurrently', async () => {
    const ran = await Promise.all([flowcept('migrate'), flowcept('migrate')]);
    const [again, json] = [await flowcept('migrate'), await flowcept('migrate', '--json')];
    expect([...ran, again].map(({ code, stdout, stderr }) => ({ code, stdout, stderr }))).toEqual(
      Array.from({ length: 3 }, () => ({
        code: 0,
        stdout: 'The schema is up to date.\n',
        stderr: '',
      })),
    );
    expect(JSON.parse(json.stdout)).toEqual({ migrated: true });
  });

  it(
    'claim prints a link that makes one operator, beside a running server',
    { timeout: 60_000 },
    async () => {
      const port = Number(variables['PORT']);
      const server = await servers.start({ database, port });
      const [plain, json] = await Promise.all([flowcept('claim'), flowcept('claim', '--json')]);
      expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 0, stderr: '' });
      const [printed, second]: [string, string] = [
        plain.stdout.trim(),
        JSON.parse(json.stdout).link,
      ];
      expect(printed).toMatch(new RegExp(`^http://localhost:${port}/operator#token=[\\w-]{43}$`));

      const operator = server.visitor();
      const claim = (link: string, email: string) =>
        operator.post('/api/operators/claim', {
          token: link.split('#token=')[1],
          email,
          password: goodPassword,
          name: 'Op',
        });
      expect((await claim(printed, 'op@example.org')).status).toBe(201);
      expect((await operator.get('/api/session')).body.user).toMatchObject({
        email: 'op@example.org',
      });
      expect((await operator.post('/api/trust/run')).status).toBe(202);
      expect((await claim(printed, 'other@example.org')).status).toBe(410);
      expect((await claim(second, 'second@example.org')).status).toBe(410);
    },
  );

  it('doctor reports faults as JSON, and exits with 1', async () => {
    // The server of the previous test has the port.
    const { code, stdout } = await flowcept('doctor', '--json');
    expect(code).toBe(1);
    const findings: { about: string; state: string }[] = JSON.parse(stdout).findings;
    expect(findings.filter(({ state }) => state === 'fault').map(({ about }) => about)).toEqual([
      'port',
    ]);
    expect(findings.find(({ about }) => about === 'database')).toMatchObject({ state: 'ok' });
  });
});

describe('the command line', () => {
  it('doctor names the three files that a restore needs, and what is kept apart', async () => {
    const { stdout } = await runFlowcept(['doctor'], await temporaryDirectory(), {
      PORT: `${await freePort()}`,
      DATABASE_URL: 'file:data/flowcept.db',
      FLOWCEPT_KEYS: '',
    });
    expect(stdout).toMatch(
      /keyring is \S*flowcept\.keys\. Back up \S*flowcept\.db together with \S*flowcept\.db\.key, .*keyring in a different place/,
    );
  });

  it('an unknown command or option prints the usage', async () => {
    const folder = await temporaryDirectory();
    for (const words of [['nonsense'], ['doctor', '--loud'], ['constructor']]) {
      const { code, stdout, stderr } = await runFlowcept(words, folder);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(words.at(-1));
      expect(stderr).toMatch(/ {2}serve +\w/);
    }
  });

  it.each([
    [['verify', '--pin'], "Option '--pin <value>' argument missing"],
    [['verify', '--pin', '--json'], "Option '--pin' argument is ambiguous."],
    [['verify', '--read-only=yes'], "Option '--read-only' does not take an argument"],
    [['verify', 'one', 'two'], "Unexpected argument 'two'"],
    [['migrate', 'now'], "Unexpected argument 'now'"],
    [['doctor', '--pin', 'key'], "Unknown option '--pin'"],
    [['nonsense'], "Unknown command 'nonsense'"],
  ])('%j prints what is wrong and does nothing', async (words, what) => {
    const folder = await temporaryDirectory();
    const { code, stdout, stderr } = await runFlowcept(words, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.slice(0, what.length)).toBe(what);
    expect(stderr).toMatch(/ {2}verify \[URL\] +\w/);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['help', '--help', '-h'])('%s prints the usage', async (word) => {
    const { code, stdout, stderr } = await runFlowcept([word], await temporaryDirectory());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^node bin\/flowcept.js COMMAND \[--json\]\n {2}serve +\w/);
  });

  it('the working tree provides npx flowcept', { timeout: 60_000 }, async () => {
    const { PATH, HOME } = process.env;
    const [cache, folder] = [await temporaryDirectory(), await temporaryDirectory()];
    // The first npx in a tree runs `prepare`, which would build again during other tests.
    const npm = {
      npm_config_cache: cache,
      npm_config_ignore_scripts: 'true',
      npm_config_offline: 'true',
    };
    const env = {
      PATH,
      HOME,
      ...npm,
      ...usualVariables,
      PORT: `${await freePort()}`,
      DATABASE_URL: `file:${folder}/flowcept.db`,
    };
    const { stdout } = await promisify(execFile)('npx', ['flowcept', 'doctor'], {
      cwd: packageRoot,
      env,
    });
    expect(stdout).toMatch(/^✓ settings/m);
  });
});
