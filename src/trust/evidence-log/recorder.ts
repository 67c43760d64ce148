import { historyDays } from '../../api/trust.ts';
import { addMs, type Clock, minute, day } from '../../clock.ts';
import type { Signer } from '../../crypto/jws.ts';
import type { SignedEntry } from '../../records.ts';
import type { Store } from '../../store/port.ts';
import type { Observation, TrustRun } from '../claims/observation.ts';
import { hashOf, OpenedEntries, placeOf, signEntry, type Place } from './entry.ts';
import type { Declaration } from './events.ts';
import { readEvidenceLog, type EvidenceLog, type Loss } from './evidence-log.ts';
import { nextEntry } from './next-entry.ts';

/** Milliseconds after which the log is read again even if nothing was added, to detect changes of older entries. */
const rereadAfterMs = 10 * minute;
const pageSize = 200;
/** Number of attempts to append when other processes append first. */
const tries = 10;

/**
 * The evidence log as far back as the page goes. It stores no status as input: only observations and what followed from
 * them.
 */
export interface EvidenceRecorder {
  read(): Promise<EvidenceLog>;
  /** Appends a run with all its observations and everything that changed since the previous entry, in one entry. */
  record(run: TrustRun, observations: readonly Observation[]): Promise<void>;
}

export interface EvidenceRecorderParts {
  store: Store;
  clock: Clock;
  signer: Signer;
  build: string;
  /** All checks. */
  checks: readonly { id: string }[];
  declared: readonly Declaration[];
  statuses(observations: readonly Observation[]): Readonly<Record<string, string>>;
}

export function makeEvidenceRecorder(parts: EvidenceRecorderParts): EvidenceRecorder {
  const { store, clock, signer, checks } = parts;
  let kept: { head: string | undefined; at: number; evidenceLog: Promise<EvidenceLog> } | null =
    null;
  const opened = new OpenedEntries();
  let seen: Place | null = null;
  let loss: Loss | null = null;

  const readAll = async (): Promise<EvidenceLog> => {
    const now = clock.now();
    const from = addMs(now, -historyDays * day);
    const links = await entriesFrom(store, from);
    if (seen !== null && !holds(links, seen))
      loss = { before: (links.at(-1)?.seq ?? 0) + 1, noticedAt: now };
    const evidenceLog = readEvidenceLog(links, {
      key: signer.publicKey,
      from,
      checks: checks.map(({ id }) => id),
      loss,
      opened,
    });
    seen = evidenceLog.head;
    return evidenceLog;
  };

  return {
    async read() {
      const newest = await store.newestEntry();
      const now = clock.now().getTime();
      const isCurrent =
        kept !== null && kept.head === newest?.jws && Math.abs(now - kept.at) < rereadAfterMs;
      if (!kept || !isCurrent) kept = { head: newest?.jws, at: now, evidenceLog: readAll() };
      const { evidenceLog } = kept;
      evidenceLog.catch(() => (kept = null));
      return evidenceLog;
    },
    async record(run, observations) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const link = nextEntry(await readAll(), { ...parts, at: clock.now(), run, observations });
        const sealed = signEntry(signer, link);
        if (!(await store.appendEntry(sealed))) continue;
        [seen, loss] = [placeOf(sealed), null];
        return;
      }
      throw new Error(
        `Other processes added entries ${tries} times before this run could be recorded.`,
      );
    },
  };
}

/** The entries from the newest checkpoint at least this old, or from the beginning, to the end. */
async function entriesFrom(store: Store, from: Date): Promise<SignedEntry[]> {
  const links: SignedEntry[] = [];
  for (
    let last = ((await store.checkpointBefore(from)) ?? 1) - 1;
    ;
    last = links.at(-1)?.seq ?? last
  ) {
    const page = await store.entriesAfter(last, pageSize);
    links.push(...page);
    if (page.length < pageSize) return links;
  }
}

/** Whether the entry seen last still exists, unless it precedes this part. */
function holds(links: readonly SignedEntry[], { seq, hash }: Place): boolean {
  const [first] = links;
  if (first && seq < first.seq) return true;
  return links.some((link) => link.seq === seq && hashOf(link.jws) === hash);
}
