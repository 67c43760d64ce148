// Writes this many days of evidence into an empty database, as a deployment without downtime has
// them: every check at its interval, each run one entry. Bundled by `public-pages.js`, then `node
// history.js DAYS` with the settings of a server.
import { readConfig } from '../src/config.ts';
import { openSigningKey } from '../src/crypto/signing-key.ts';
import { openDatabase } from '../src/deployment/wire.ts';
import { checks } from '../src/trust/checks/all-checks.ts';
import { placeOf, signEntry } from '../src/trust/evidence-log/entry.ts';
import { after, emptyState } from '../src/trust/evidence-log/log-state.ts';
import { nextEntry } from '../src/trust/evidence-log/next-entry.ts';

const quarter = 15 * 60_000;
const build = 'an earlier build';
const { store, keyring } = await openDatabase(readConfig(process.env));
const signer = await openSigningKey({ store, keyring });

let chain = {
  head: null,
  checkpoint: null,
  standing: emptyState,
  observations: [],
  brokenBefore: null,
};
const start = Date.now() - Number(process.argv[2]) * 86_400_000;
for (let at = start, turn = 0; at <= Date.now() - 60_000; at += quarter, turn += 1) {
  const now = new Date(at);
  const due = checks.filter(({ cadence }) => turn % Math.round(cadence / quarter) === 0);
  const observations = due.map(({ id, version, ttl }, nth) => ({
    check: id,
    checkVersion: version,
    build,
    outcome: 'true',
    reason: 'Of 57 routes 57 held to what was expected of them.',
    examined: 57,
    population: 57,
    controlCaught: true,
    controlSaw: 'A recording that was broken on purpose was told from this one.',
    collectedAt: new Date(at + nth * 300),
    expiresAt: new Date(at + nth * 300 + ttl),
  }));
  const run = { id: `run-${turn}`, trigger: 'schedule', startedAt: now, endedAt: now };
  const link = nextEntry(chain, {
    at: now,
    build,
    run,
    observations,
    declared: [],
    statuses: () => ({}),
  });
  const sealed = signEntry(signer, link);
  if (!(await store.appendEntry(sealed))) throw new Error('The link was not kept.');
  const place = placeOf(sealed);
  chain = {
    ...chain,
    head: place,
    checkpoint: link.standing ? { ...place, at: now } : chain.checkpoint,
    standing: link.standing ?? after(chain.standing, link.events, now),
  };
}
await store.close();
