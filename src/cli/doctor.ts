import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import { readConfig, StartRefused, type Config } from '../config.ts';
import { dataDirectory, lookAtDatabase } from '../deployment/wire.ts';
import { examineProviders } from '../oauth/examine.ts';
import { StoreUnavailable } from '../store/port/errors.ts';
import type { Command } from './command.ts';

interface Finding {
  about: string;
  /** `warning`: the server can start, but the operator should know about this. */
  state: 'ok' | 'warning' | 'fault';
  text: string;
}

const marks = { ok: '✓', warning: '!', fault: '✗' };

export const doctor: Command = {
  summary: 'reports what is missing, unsafe or unreachable; changes nothing',
  async run({ json }) {
    const findings = await examine();
    if (json) console.log(JSON.stringify({ findings }));
    else
      for (const { about, state, text } of findings)
        console.log(`${marks[state]} ${about.padEnd(9)} ${text}`);
    return findings.some(({ state }) => state === 'fault') ? 1 : 0;
  },
};

async function examine(): Promise<Finding[]> {
  try {
    const config = readConfig(process.env);
    const settings: Finding = {
      about: 'settings',
      state: 'ok',
      text: `${config.origin}, listening on ${config.host}:${config.port}`,
    };
    return [
      settings,
      ...(await Promise.all([examineDatabase(config), examineMail(config), examinePort(config)])),
      ...(await examineSignIn(config)),
      ...warnings(config),
    ];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return error.lines.map((text) => ({ about: 'settings', state: 'fault', text }));
  }
}

async function examineDatabase(config: Config): Promise<Finding> {
  const about = 'database';
  if (config.database.kind === 'libsql' && !(await exists(config.database.path)))
    return examineFolder(config.database.path);
  try {
    await lookAtDatabase(config);
    return {
      about,
      state: 'ok',
      text: config.database.kind === 'libsql' ? `${config.database.path} opens` : 'MongoDB answers',
    };
  } catch (error) {
    if (error instanceof StartRefused) return { about, state: 'fault', text: error.message };
    if (error instanceof StoreUnavailable)
      return { about, state: 'fault', text: 'DATABASE_URL: the database is unreachable.' };
    throw error;
  }
}

async function examineFolder(file: string): Promise<Finding> {
  const folder = await nearestFolder(dirname(resolve(file)));
  const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return isWritable
    ? { about: 'database', state: 'ok', text: `${file} will be created on the first start` }
    : { about: 'database', state: 'fault', text: `DATABASE_URL: ${folder} is not writable.` };
}

async function nearestFolder(folder: string): Promise<string> {
  return (await exists(folder)) ? folder : nearestFolder(dirname(folder));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function examineMail({ mail, origin }: Config): Promise<Finding> {
  const about = 'mail';
  if (mail.kind === 'sandbox')
    return { about, state: 'ok', text: `sandbox mailbox at ${origin}/sandbox/mailbox` };
  const transport = createTransport({
    url: mail.url,
    requireTLS: !mail.mayBePlain,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 5_000,
  });
  try {
    await transport.verify();
    return { about, state: 'ok', text: 'the mail server is reachable' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return {
      about,
      state: 'warning',
      text: `SMTP_URL: the mail server does not accept mail${code}. Mail stays in the queue.`,
    };
  } finally {
    transport.close();
  }
}

async function examineSignIn(config: Config): Promise<Finding[]> {
  return (await examineProviders(config, fetch)).map(({ provider, state, text }) => ({
    about: provider,
    state,
    text,
  }));
}

function examinePort({ host, port }: Config): Promise<Finding> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () =>
      done({
        about: 'port',
        state: 'fault',
        text: `PORT ${port} on ${host} is in use by another process.`,
      }),
    );
    server.listen(port, host, () =>
      server.close(() => done({ about: 'port', state: 'ok', text: `${port} is free` })),
    );
  });
}

function warnings(config: Config): Finding[] {
  const rules: [boolean, string, string][] = [
    [
      config.keys === null,
      'keys',
      `FLOWCEPT_KEYS is not set: the keyring is a file in ${dataDirectory(config.database)}. Back it up with the data.`,
    ],
    [
      config.securityContact === null,
      'contact',
      'SECURITY_CONTACT is not set: the security page names no contact for reports.',
    ],
    [!config.rateLimits, 'limits', 'RATE_LIMITS is off: use this for load tests only.'],
  ];
  return rules
    .filter(([applies]) => applies)
    .map(([, about, text]) => ({ about, state: 'warning', text }));
}
