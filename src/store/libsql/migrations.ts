import { StoreUnusable } from '../port/errors.ts';
import type { Connection } from './transaction.ts';

/**
 * The schema, in steps. A released step must not be changed. A new column also needs its place in rows/columns.ts and in
 * the row of its table below rows/.
 */
export const migrations: readonly { version: number; sql: string }[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE accounts (
        id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT,
        operator INTEGER NOT NULL, created_at INTEGER NOT NULL, domain TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX accounts_domain ON accounts (domain);
      CREATE INDEX accounts_operator ON accounts (id) WHERE operator = 1;

      CREATE TABLE sign_ups (
        id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, password_hash TEXT NOT NULL,
        challenge_id TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, domain TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sign_ups_email ON sign_ups (email, created_at);
      CREATE INDEX sign_ups_expiry ON sign_ups (expires_at);
      CREATE INDEX sign_ups_domain ON sign_ups (domain);

      CREATE TABLE claims (token_hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT, WITHOUT ROWID;
      CREATE INDEX claims_expiry ON claims (expires_at);

      CREATE TABLE challenges (
        id TEXT PRIMARY KEY, purpose TEXT NOT NULL, email TEXT NOT NULL, subject_id TEXT, code_hash TEXT NOT NULL,
        attempts_left INTEGER NOT NULL CHECK (attempts_left >= 0),
        sent_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER, domain TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX challenges_open ON challenges (email, purpose) WHERE ended_at IS NULL;
      CREATE INDEX challenges_expiry ON challenges (expires_at);
      CREATE INDEX challenges_end ON challenges (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX challenges_domain ON challenges (domain);

      -- Kept in the order of the token: checking a session takes two descents, one here and one into accounts.
      CREATE TABLE sessions (
        id TEXT NOT NULL UNIQUE, token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL, method TEXT NOT NULL,
        device TEXT NOT NULL, address TEXT NOT NULL, idle INTEGER NOT NULL, created_at INTEGER NOT NULL,
        last_used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, confirmed_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sessions_account ON sessions (account_id, created_at);
      CREATE INDEX sessions_expiry ON sessions (expires_at);
      CREATE INDEX sessions_idle ON sessions (last_used_at + idle);
      CREATE TABLE devices (account_id TEXT NOT NULL, device TEXT NOT NULL, PRIMARY KEY (account_id, device)) STRICT, WITHOUT ROWID;

      CREATE TABLE limits (key TEXT PRIMARY KEY, used INTEGER NOT NULL, shut_until INTEGER, fresh_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX limits_fresh ON limits (fresh_at);

      CREATE TABLE mails (
        id TEXT PRIMARY KEY, recipient TEXT NOT NULL, content TEXT, challenge_id TEXT, state TEXT NOT NULL, tries INTEGER NOT NULL,
        created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, last_error TEXT, domain TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX mails_due ON mails (due_at, created_at) WHERE state = 'queued';
      CREATE INDEX mails_late ON mails (expires_at) WHERE state = 'queued';
      CREATE INDEX mails_challenge ON mails (challenge_id) WHERE state = 'queued';
      CREATE INDEX mails_kept ON mails (created_at) WHERE state = 'kept';
      CREATE INDEX mails_kept_of ON mails (recipient, created_at) WHERE state = 'kept';
      CREATE INDEX mails_expiry ON mails (expires_at);
      CREATE INDEX mails_domain ON mails (domain, created_at);
      CREATE TABLE holds (domain TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE runs (id TEXT PRIMARY KEY, cause TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX runs_start ON runs (started_at);
      CREATE TABLE observations (
        id TEXT PRIMARY KEY, run_id TEXT NOT NULL, check_name TEXT NOT NULL, check_version TEXT NOT NULL, build TEXT NOT NULL,
        outcome TEXT NOT NULL, reason TEXT NOT NULL, examined INTEGER NOT NULL, population INTEGER NOT NULL,
        control_caught INTEGER NOT NULL, control_saw TEXT NOT NULL, collected_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX observations_time ON observations (collected_at);
      CREATE INDEX observations_verdict ON observations (check_name, collected_at) WHERE outcome IN ('true', 'false');
    `,
  },
  {
    version: 2,
    sql: `
      CREATE TABLE events (
        id TEXT PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, account_id TEXT NOT NULL, actor_id TEXT, target TEXT,
        address TEXT NOT NULL, device TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX events_account ON events (account_id, at, id);

      CREATE TABLE undos (token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX undos_account ON undos (account_id);
      CREATE INDEX undos_expiry ON undos (expires_at);
    `,
  },
  {
    version: 3,
    sql: `
      CREATE TABLE links (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, checkpoint INTEGER NOT NULL, jws TEXT NOT NULL) STRICT;
      CREATE INDEX links_checkpoint ON links (at, seq) WHERE checkpoint = 1;
      -- What nobody signed proves nothing any more: the checks of the first start see it again.
      DROP TABLE runs;
      DROP TABLE observations;
    `,
  },
  {
    version: 4,
    sql: `
      ALTER TABLE accounts ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
      UPDATE accounts SET name_key = lower(name);
      CREATE INDEX accounts_name ON accounts (name_key);

      ALTER TABLE sessions ADD COLUMN device_first_used_at INTEGER NOT NULL DEFAULT 0;
      UPDATE sessions SET device_first_used_at = created_at;
      ALTER TABLE devices ADD COLUMN first_used_at INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE devices ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
      UPDATE devices SET first_used_at = unixepoch() * 1000, expires_at = (unixepoch() + 365 * 86400) * 1000;
      CREATE INDEX devices_expiry ON devices (expires_at);

      ALTER TABLE limits ADD COLUMN subject TEXT NOT NULL DEFAULT '';
      CREATE INDEX limits_shut ON limits (shut_until) WHERE shut_until IS NOT NULL;

      CREATE INDEX events_action ON events (action, at, id);
      CREATE INDEX mails_state ON mails (state, created_at, id);
    `,
  },
  {
    version: 5,
    sql: `
      CREATE TABLE factors (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, secret TEXT, credential_id TEXT UNIQUE,
        public_key TEXT, transports TEXT, counter INTEGER NOT NULL, confirmed_at INTEGER, created_at INTEGER NOT NULL, last_used_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX factors_account ON factors (account_id, created_at);
      CREATE TABLE recovery_codes (account_id TEXT NOT NULL, code_hash TEXT NOT NULL, PRIMARY KEY (account_id, code_hash)) STRICT, WITHOUT ROWID;

      CREATE TABLE pending_sign_ins (
        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, method TEXT NOT NULL, stay INTEGER NOT NULL, proven_hash TEXT, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);
      CREATE TABLE ceremonies (
        challenge_hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, subject_id TEXT, expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);

      -- Undos that are kept already touch no factor: there were none.
      ALTER TABLE undos ADD COLUMN since INTEGER NOT NULL DEFAULT ${Number.MAX_SAFE_INTEGER};
    `,
  },
  {
    version: 6,
    sql: 'ALTER TABLE undos ADD COLUMN email TEXT;',
  },
  {
    version: 7,
    sql: `
      CREATE TABLE closings (
        account_id TEXT PRIMARY KEY, erased_at INTEGER NOT NULL, reopen_hash TEXT UNIQUE, reopen_until INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX closings_end ON closings (erased_at);
      CREATE INDEX events_actor ON events (actor_id);
      CREATE INDEX events_target ON events (target) WHERE target IS NOT NULL;
    `,
  },
  {
    version: 8,
    sql: `
      CREATE TABLE identities (
        provider TEXT NOT NULL, subject TEXT NOT NULL, account_id TEXT NOT NULL, email TEXT NOT NULL, joined_at INTEGER NOT NULL,
        PRIMARY KEY (provider, subject), UNIQUE (account_id, provider)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE flows (
        state_hash TEXT PRIMARY KEY, provider TEXT NOT NULL, purpose TEXT NOT NULL, account_id TEXT, return_path TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX flows_expiry ON flows (expires_at);
    `,
  },
  {
    version: 9,
    sql: `
      CREATE TABLE factor_recoveries (
        account_id TEXT PRIMARY KEY, opens_at INTEGER NOT NULL, closes_at INTEGER NOT NULL, used_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX factor_recoveries_end ON factor_recoveries (closes_at);
    `,
  },
  {
    version: 10,
    sql: 'CREATE TABLE rules (name TEXT PRIMARY KEY, starts_at INTEGER NOT NULL, except_domain TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  },
  {
    version: 11,
    sql: `
      -- Erasing an account goes by these; each also finds what an index of its own did.
      DROP INDEX challenges_open;
      CREATE INDEX challenges_email ON challenges (email, purpose);
      CREATE INDEX challenges_subject ON challenges (subject_id) WHERE subject_id IS NOT NULL;
      DROP INDEX mails_kept;
      DROP INDEX mails_kept_of;
      CREATE INDEX mails_recipient ON mails (recipient, created_at);
      CREATE INDEX flows_account ON flows (account_id) WHERE account_id IS NOT NULL;
      CREATE INDEX pending_sign_ins_account ON pending_sign_ins (account_id);
    `,
  },
  {
    version: 12,
    // It is unknown whether older passkeys verified their user when they were added.
    sql: 'ALTER TABLE factors ADD COLUMN uv_initialized INTEGER NOT NULL DEFAULT 0;',
  },
  {
    version: 13,
    sql: `
      ALTER TABLE devices ADD COLUMN replaced_at INTEGER;
      -- Until now a browser had one mark for all of its accounts.
      ALTER TABLE devices ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
      UPDATE devices SET shared = 1;
    `,
  },
  {
    version: 14,
    sql: `
      -- A link is kept with the address that the account had when it was issued, and in the order of issue.
      UPDATE undos SET since = expires_at - 7 * 86400000 WHERE since = ${Number.MAX_SAFE_INTEGER};
      CREATE TABLE undos_in_order (
        token_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL, seq INTEGER NOT NULL, since INTEGER NOT NULL, email TEXT NOT NULL,
        expires_at INTEGER NOT NULL, UNIQUE (account_id, seq)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO undos_in_order
        SELECT token_hash, account_id, row_number() OVER (PARTITION BY account_id ORDER BY since, token_hash), since, coalesce(
          (SELECT later.email FROM undos AS later WHERE later.account_id = undos.account_id AND later.email IS NOT NULL AND later.since >= undos.since
            ORDER BY later.since LIMIT 1),
          accounts.email), expires_at
        FROM undos JOIN accounts ON accounts.id = undos.account_id;
      DROP TABLE undos;
      ALTER TABLE undos_in_order RENAME TO undos;
      CREATE INDEX undos_expiry ON undos (expires_at);

      -- Codes without a recorded age are as old as what was recorded of their account says.
      ALTER TABLE recovery_codes ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
      UPDATE recovery_codes SET created_at = coalesce((
        SELECT max(at) FROM events WHERE account_id = recovery_codes.account_id AND action IN ('factor.added', 'factor.codes-renewed')), 0);
    `,
  },
  {
    version: 15,
    sql: `
      -- Nobody is excepted by what their address looks like. The domains of runs that were killed were noted as mails; now their holds say so.
      ALTER TABLE rules DROP COLUMN except_domain;
      INSERT OR IGNORE INTO holds (domain, until)
        SELECT substr(recipient, 1, instr(recipient, '@') - 1) || '.canary.invalid', expires_at FROM mails
        WHERE domain = 'runs.canary.invalid' AND state = 'queued' AND content IS NULL AND challenge_id IS NULL;
      DELETE FROM mails WHERE domain = 'runs.canary.invalid' AND state = 'queued' AND content IS NULL AND challenge_id IS NULL;
      DELETE FROM holds WHERE domain = 'runs.canary.invalid';
    `,
  },
  {
    version: 16,
    // Before this version a stopped recovery was deleted.
    sql: 'ALTER TABLE factor_recoveries ADD COLUMN stopped_at INTEGER;',
  },
  { version: 17, sql: 'ALTER TABLE pending_sign_ins ADD COLUMN proven_subject TEXT;' },
  // The contested address of an account, which another account has; NULL if there is none.
  { version: 18, sql: 'ALTER TABLE accounts ADD COLUMN restoring TEXT;' },
  {
    version: 19,
    // Before this version only the key identified the limit and which of its counts it was.
    sql: `
      ALTER TABLE limits ADD COLUMN rule TEXT NOT NULL DEFAULT '';
      ALTER TABLE limits ADD COLUMN scope TEXT NOT NULL DEFAULT 'each';
      UPDATE limits SET rule = substr(key, 1, instr(key, ':') - 1);
      UPDATE limits SET scope = 'run', rule = replace(rule, ' in a row', '') WHERE rule LIKE '% in a row';
      UPDATE limits SET scope = 'network', rule = replace(rule, ' of one network', '') WHERE rule LIKE '% of one network';
      UPDATE limits SET scope = 'shares', rule = replace(rule, ' within shares', '') WHERE rule LIKE '% within shares';
    `,
  },
  {
    version: 20,
    // The terms of docs/glossary.md.
    sql: `
      UPDATE events SET action = CASE action
        WHEN 'account.moved' THEN 'account.email-changed'
        WHEN 'operator.granted' THEN 'operator.added'
        WHEN 'operator.limit-lifted' THEN 'operator.limit-cleared'
        WHEN 'operator.withdrawn' THEN 'operator.removed'
        WHEN 'password.recovered' THEN 'password.reset'
        WHEN 'provider.joined' THEN 'provider.connected'
        WHEN 'provider.dropped' THEN 'provider.disconnected' END
      WHERE action IN ('account.moved', 'operator.granted', 'operator.limit-lifted', 'operator.withdrawn', 'password.recovered',
        'provider.joined', 'provider.dropped');
      UPDATE flows SET purpose = 'connect' WHERE purpose = 'join';
      ALTER TABLE identities RENAME COLUMN joined_at TO connected_at;
    `,
  },
  {
    version: 21,
    // Identities from before have no issuer until a start binds them to the one that is configured.
    sql: `
      CREATE TABLE identities_of_issuers (
        provider TEXT NOT NULL, issuer TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL, account_id TEXT NOT NULL, email TEXT NOT NULL,
        connected_at INTEGER NOT NULL, PRIMARY KEY (provider, issuer, subject), UNIQUE (account_id, provider)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO identities_of_issuers (provider, subject, account_id, email, connected_at)
        SELECT provider, subject, account_id, email, connected_at FROM identities;
      DROP TABLE identities;
      ALTER TABLE identities_of_issuers RENAME TO identities;
      ALTER TABLE pending_sign_ins ADD COLUMN proven_issuer TEXT;
    `,
  },
  {
    version: 22,
    // Links from before count towards no limit of notices.
    sql: `ALTER TABLE undos ADD COLUMN action TEXT NOT NULL DEFAULT '';`,
  },
];

/** Milliseconds. Nothing else may run before the schema is current, so this waits longer than a request may. */
const timeoutMs = 60_000;

/** Applies the missing steps once, however many processes start at the same time. @throws StoreUnusable */
export async function migrate(db: Connection, steps = migrations): Promise<void> {
  const newest = steps.at(-1)?.version ?? 0;
  if (await isMigrated(db, steps)) return;
  await db.write(() => {
    const from = schemaOf(db, newest);
    for (const step of steps.filter(({ version: to }) => to > from)) {
      db.execute(step.sql);
      db.execute(`PRAGMA user_version = ${step.version}`);
    }
  }, timeoutMs);
}

/** Whether no step is missing. @throws StoreUnusable for the schema of a newer version */
export async function isMigrated(db: Connection, steps = migrations): Promise<boolean> {
  const newest = steps.at(-1)?.version ?? 0;
  return (await db.read(() => schemaOf(db, newest))) === newest;
}

function schemaOf(db: Connection, newest: number): number {
  const version = db.statement<[number]>('PRAGMA user_version').get()?.[0] ?? 0;
  if (version > newest)
    throw new StoreUnusable(
      `The database has schema ${version}, and this version of Flowcept knows no newer one than ${newest}.`,
    );
  return version;
}
