import { historyDays } from '../../api/trust.ts';
import { later, type Clock } from '../../clock.ts';
import type { Signer } from '../../crypto/jws.ts';
import type { ChainLink } from '../../records.ts';
import type { Store } from '../../store/port.ts';
import type { Observation, TrustRun } from '../claims/observation.ts';
import { hashOf, OpenedLinks, placeOf, sealLink, type Place } from './entry.ts';
import type { Declaration } from './events.ts';
import { readChain, type Chain, type Loss } from './evidence-log.ts';
import { nextLink } from './next-entry.ts';

const day = 86_400_000;
/** Milliseconds after which all is read again although nothing was added: then also what was changed further back shows. */
const patience = 10 * 60_000;
const pageSize = 200;
/** Others that record at the same instant go first at most so often. */
const tries = 10;

/** The chain as far as the page goes back. No status is kept there: only what was seen, and what it came to. */
export interface Records {
  read(): Promise<Chain>;
  /** Adds a run with everything it saw, whole, and with all that changed since the one before. */
  record(run: TrustRun, observations: readonly Observation[]): Promise<void>;
}

export interface RecordsParts {
  store: Store;
  clock: Clock;
  signer: Signer;
  build: string;
  /** Every check there is. */
  checks: readonly { id: string }[];
  declared: readonly Declaration[];
  statuses(observations: readonly Observation[]): Readonly<Record<string, string>>;
}

export function makeRecords(parts: RecordsParts): Records {
  const { store, clock, signer, checks } = parts;
  let kept: { head: string | undefined; at: number; chain: Promise<Chain> } | null = null;
  const opened = new OpenedLinks();
  let seen: Place | null = null;
  let loss: Loss | null = null;

  const readAll = async (): Promise<Chain> => {
    const now = clock.now();
    const from = later(now, -historyDays * day);
    const links = await linksFrom(store, from);
    if (seen !== null && !holds(links, seen))
      loss = { before: (links.at(-1)?.seq ?? 0) + 1, noticedAt: now };
    const chain = readChain(links, {
      key: signer.publicKey,
      from,
      checks: checks.map(({ id }) => id),
      loss,
      opened,
    });
    seen = chain.head;
    return chain;
  };

  return {
    async read() {
      const newest = await store.newestLink();
      const now = clock.now().getTime();
      const isCurrent =
        kept !== null && kept.head === newest?.jws && Math.abs(now - kept.at) < patience;
      if (!kept || !isCurrent) kept = { head: newest?.jws, at: now, chain: readAll() };
      const { chain } = kept;
      chain.catch(() => (kept = null));
      return chain;
    },
    async record(run, observations) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const link = nextLink(await readAll(), { ...parts, at: clock.now(), run, observations });
        const sealed = sealLink(signer, link);
        if (!(await store.appendLink(sealed))) continue;
        [seen, loss] = [placeOf(sealed), null];
        return;
      }
      throw new Error(
        `Other processes added entries ${tries} times before this run could be recorded.`,
      );
    },
  };
}

/** From the newest checkpoint that is as old as this, or from the beginning, to the end. */
async function linksFrom(store: Store, from: Date): Promise<ChainLink[]> {
  const links: ChainLink[] = [];
  for (
    let last = ((await store.checkpointBefore(from)) ?? 1) - 1;
    ;
    last = links.at(-1)?.seq ?? last
  ) {
    const page = await store.linksAfter(last, pageSize);
    links.push(...page);
    if (page.length < pageSize) return links;
  }
}

/** The link seen last is still there, unless it lies before this part. */
function holds(links: readonly ChainLink[], { seq, hash }: Place): boolean {
  const [first] = links;
  if (first && seq < first.seq) return true;
  return links.some((link) => link.seq === seq && hashOf(link.jws) === hash);
}
