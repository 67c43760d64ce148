import { createTransport } from 'nodemailer';
import { readConfig, StartRefused, type Config } from '../config.ts';
import { sandboxKeyFile } from '../crypto/key-files.ts';
import { keyFileWarning } from '../deployment/key-file-warning.ts';
import { tryDatabase } from '../deployment/try-database.ts';
import { dataDirectory } from '../deployment/wire.ts';
import { makeLog } from '../log.ts';
import { examineProviders } from '../oauth/examine.ts';
import { openDoors } from '../server/doors.ts';
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
      ...(await Promise.all([examineDatabase(config), examineMail(config), examinePorts(config)])),
      ...(await examineSignIn(config)),
      ...warnings(config),
      ...(await examineKeyFile(config)),
    ];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return error.lines.map((text) => ({ about: 'settings', state: 'fault', text }));
  }
}

async function examineDatabase(config: Config): Promise<Finding> {
  const about = 'database';
  try {
    const state = await tryDatabase(config);
    return { about, state: 'ok', text: describeDatabase(config.database, state) };
  } catch (error) {
    if (error instanceof StartRefused) return { about, state: 'fault', text: error.message };
    if (error instanceof StoreUnavailable)
      return { about, state: 'fault', text: 'DATABASE_URL: the database is unreachable.' };
    throw error;
  }
}

function describeDatabase(database: Config['database'], state: 'new' | 'there'): string {
  if (database.kind === 'mongodb') return 'MongoDB answers';
  return state === 'new'
    ? `${database.path} will be created on the first start`
    : `${database.path} opens`;
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

/** Listens as a server would, for a moment. */
async function examinePorts(config: Config): Promise<Finding> {
  const busy = async () => new Response(null, { status: 503 });
  const ports = [config.port, config.tls?.redirectPort ?? null].filter((port) => port !== null);
  try {
    const doors = await openDoors(busy, config, makeLog('silent', { write: () => {} }));
    await doors.close(0);
    return { about: 'port', state: 'ok', text: `${ports.join(' and ')}: free` };
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    const about = error.message.startsWith('TLS_') ? 'tls' : 'port';
    return { about, state: 'fault', text: error.message };
  }
}

function warnings(config: Config): Finding[] {
  const rules: [boolean, string, string][] = [
    [
      config.keys === null,
      'keys',
      `FLOWCEPT_KEYS is not set: the keyring is ${sandboxKeyFile(dataDirectory(config.database))}. ${restoring(config.database)}`,
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

/** Database and keyring together decrypt everything, so one backup should not hold both. */
function restoring(database: Config['database']): string {
  return database.kind === 'libsql'
    ? `Back up ${database.path} together with ${database.path}.key, and keep a copy of the keyring in a different place: restoring needs all three.`
    : 'Keep a copy of it apart from the backup of the database: restoring needs both.';
}

async function examineKeyFile(config: Config): Promise<Finding[]> {
  const text = await keyFileWarning(config);
  return text === null ? [] : [{ about: 'keys', state: 'warning', text }];
}
