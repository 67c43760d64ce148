import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newSigner } from '../../../test/signing.ts';
import { minute, day } from '../../clock.ts';
import type { SignedEntry } from '../../records.ts';
import type { Observation } from '../claims/observation.ts';
import { checkStatusOf } from '../claims/status.ts';
import { placeOf, signEntry } from './entry.ts';
import type { Declaration } from './events.ts';
import { readEvidenceLog, type EvidenceLog, type Loss } from './evidence-log.ts';
import { nextEntry } from './next-entry.ts';

const start = Date.UTC(2026, 0, 1);
const at = (milliseconds: number) => new Date(start + milliseconds);
const checks = ['a', 'b'];
const signer = newSigner();

interface Given {
  now?: number;
  outcomes?: Partial<Record<string, Observation['outcome']>>;
  declared?: readonly Declaration[];
}

/** A log that grows as a deployment’s does: it is read from the beginning, and then extended. */
class Growing {
  links: SignedEntry[] = [];
  now = 0;

  read(links: readonly SignedEntry[] = this.links, loss: Loss | null = null): EvidenceLog {
    const from = at(this.now - 30 * day);
    const begin = links.findLast((link) => link.checkpoint && link.at <= from)?.seq ?? 0;
    return readEvidenceLog(
      links.filter(({ seq }) => seq >= begin),
      { key: signer.publicKey, from, checks, loss },
    );
  }

  run(
    { now = this.now + minute, outcomes = { a: 'true', b: 'true' }, declared = [] }: Given = {},
    chain = this.read(),
  ): this {
    this.now = now;
    const observations = Object.entries(outcomes).map(([check, outcome = 'true']): Observation => ({
      check,
      outcome,
      checkVersion: '1',
      build: 'one',
      reason: 'seen',
      examined: 1,
      population: 1,
      controlCaught: true,
      controlSaw: '',
      collectedAt: at(now - 1),
      expiresAt: at(now + day),
    }));
    const run = {
      id: `run ${now}`,
      trigger: 'schedule' as const,
      startedAt: at(now - 2),
      endedAt: at(now),
    };
    const made = nextEntry(chain, {
      at: at(now),
      build: 'one',
      run,
      observations,
      declared,
      statuses: (seen) => this.#statuses(seen),
    });
    this.links.push(signEntry(signer, made));
    return this;
  }

  statuses(chain = this.read()): Record<string, string> {
    return this.#statuses(chain.observations);
  }
  #statuses(observations: readonly Observation[]): Record<string, string> {
    const status = (id: string) =>
      checkStatusOf(
        { id, version: '1', title: id },
        { observations, build: 'one', now: at(this.now) },
      ).status;
    return Object.fromEntries(checks.map((id) => [id, status(id)]));
  }
}

const grown = (...runs: Given[]) => runs.reduce((chain, given) => chain.run(given), new Growing());

describe('an evidence log', () => {
  test('that is empty has no findings and is intact', () => {
    expect(new Growing().read()).toMatchObject({
      head: null,
      checkpoint: null,
      observations: [],
      brokenBefore: null,
    });
  });

  test('contains every run and every status change, and no unchanged status', () => {
    const chain = grown({}, {}, { outcomes: { a: 'false' } });
    const events = chain.links.map(({ jws }) =>
      JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).events.map(
        ({ kind, claim, from, to }: Record<string, string>) =>
          claim ? `${claim}: ${from} → ${to}` : kind,
      ),
    );
    expect(events).toEqual([
      ['run', 'a: null → verified', 'b: null → verified'],
      ['run'],
      ['run', 'a: verified → failing'],
    ]);
  });

  test('keeps a failure and its start, however old it is', () => {
    const chain = grown(
      { outcomes: { a: 'false', b: 'true' } },
      ...Array.from({ length: 70 }, (_, n) => ({
        now: (n + 1) * day,
        outcomes: { b: 'true' } as const,
      })),
    );
    expect(chain.read().observations.length).toBeLessThan(40);
    expect(chain.statuses()).toEqual({ a: 'failing', b: 'verified' });
    expect(chain.read().state.findings).toMatchObject([
      { check: 'a', firstSeen: at(minute - 1), lastSeen: at(minute - 1), closed: null },
    ]);
    expect(chain.read().state.statuses['a']).toEqual({ status: 'failing', since: at(minute) });
  });

  test('closes a finding on a newer success, and opens another on a newer failure', () => {
    const chain = grown(
      { outcomes: { a: 'false' } },
      { outcomes: { a: 'false' } },
      { outcomes: { a: 'error' } },
      { outcomes: { a: 'true' } },
      { outcomes: { a: 'false' } },
    );
    expect(chain.read().state.findings).toMatchObject([
      { firstSeen: at(minute - 1), lastSeen: at(2 * minute - 1), closed: at(4 * minute - 1) },
      { firstSeen: at(5 * minute - 1), closed: null },
    ]);
  });

  test('records added, changed and removed declarations, and keeps a tombstone of a removed claim', () => {
    const claim = (digest: string): Declaration => ({
      what: 'claim',
      id: 'tls',
      digest,
      says: `Sentence ${digest}`,
    });
    const person: Declaration = {
      what: 'attestation',
      id: 'soc-2 by auditor',
      digest: 'x',
      says: 'Type II',
    };
    const chain = grown(
      { declared: [claim('1'), person] },
      { declared: [claim('2'), person] },
      { declared: [person] },
      { declared: [] },
      { now: 100 * day, declared: [] },
    );
    expect(chain.read(chain.links.slice(0, 2)).state.declared).toEqual([person, claim('2')]);
    expect(chain.read().state).toMatchObject({
      declared: [],
      removed: [{ claim: 'tls', says: 'Sentence 2', at: at(3 * minute) }],
    });
    expect(chain.run({ declared: [claim('3')] }).read().state.removed).toEqual([]);
  });

  test('has the same state if read from its newest checkpoint of 30 days ago as from the beginning', () => {
    const chain = grown(
      ...Array.from({ length: 90 }, (_, n): Given => ({
        now: n * day,
        outcomes: { a: n % 7 === 0 ? 'false' : 'true', b: n === 3 ? 'false' : 'unknown' },
      })),
    );
    const whole = readEvidenceLog(chain.links, {
      key: signer.publicKey,
      from: at(0),
      checks,
      loss: null,
    });
    expect(chain.read().state).toEqual(whole.state);
    expect(chain.statuses()).toEqual(chain.statuses(whole));
    expect(chain.read().brokenBefore).toBeNull();
  });
});

describe('an attacker with write access to the database', () => {
  const made = () =>
    grown(
      {},
      { outcomes: { a: 'false', b: 'true' } },
      {},
      { outcomes: { a: 'false' } },
      { outcomes: { b: 'true' } },
    );
  const cut = (links: readonly SignedEntry[], index: number) => links.filter((_, n) => n !== index);

  test('cannot remove a failure: a missing entry counts as a failure', () => {
    const chain = made();
    expect(chain.statuses()).toEqual({ a: 'failing', b: 'verified' });
    const tampered = chain.read(cut(chain.links, 3));
    expect(tampered.brokenBefore).toBe(5);
    expect(chain.statuses(tampered)).toEqual({ a: 'failing', b: 'verified' });
    expect(chain.statuses(chain.read(cut(chain.links, 4)))).toEqual({
      a: 'failing',
      b: 'verified',
    });
  });

  test('cannot add a success, because it is not signed', () => {
    const chain = made();
    const next = signEntry(
      newSigner(),
      nextEntry(chain.read(), {
        at: at(chain.now),
        build: 'one',
        run: { id: 'x', trigger: 'cron', startedAt: at(0), endedAt: at(1) },
        observations: [],
        declared: [],
        statuses: () => ({ a: 'verified' }),
      }),
    );
    const tampered = chain.read([...chain.links, next]);
    expect(tampered.brokenBefore).toBe(7);
    expect(chain.statuses(tampered)).toEqual({ a: 'failing', b: 'failing' });
  });

  test('cannot rewrite a failure or the state of a checkpoint', () => {
    const rewrite = ({ jws, ...link }: SignedEntry): SignedEntry => {
      const [header, payload = '', signature] = jws.split('.');
      const said = Buffer.from(payload, 'base64url')
        .toString()
        .replaceAll('"outcome":"false"', '"outcome":"true"');
      return { ...link, jws: `${header}.${Buffer.from(said).toString('base64url')}.${signature}` };
    };
    const chain = grown(
      { outcomes: { a: 'false' } },
      {},
      { now: 2 * day, outcomes: { a: 'false' } },
      { outcomes: { b: 'true' } },
    );
    for (const n of [0, 2, 3]) {
      const tampered = chain.read(chain.links.map((link, m) => (n === m ? rewrite(link) : link)));
      expect(chain.statuses(tampered)['a']).toBe('failing');
      expect(tampered.brokenBefore).toBe(n === 3 ? null : n + 2);
    }
  });

  test('cannot shorten the page’s history by removing the first entries', () => {
    const chain = grown(...Array.from({ length: 40 }, (_, n) => ({ now: n * day })));
    const edited = chain.links.map((link) =>
      link.seq === 35 ? { ...link, at: at(0) } : { ...link, checkpoint: false },
    );
    expect(chain.read(edited).brokenBefore).toBe(35);
  });

  test('is detected by a reader who saw the removed end, and what is left proves nothing', () => {
    const chain = made();
    const left = chain.links.slice(0, 3);
    expect(chain.statuses(chain.read(left))).toEqual({ a: 'verified', b: 'verified' });
    const tampered = chain.read(left, { before: 4, noticedAt: at(chain.now) });
    expect(chain.statuses(tampered)).toEqual({ a: 'failing', b: 'failing' });
    expect(tampered.brokenBefore).toBe(4);
    chain.links = [...left];
    chain.run({}, tampered);
    expect(chain.statuses()).toEqual({ a: 'verified', b: 'verified' });
    expect(chain.read().state.breaks).toEqual([{ before: 4, noticedAt: at(chain.now) }]);
  });

  test('is reported for 30 days after detection, and each claim fails only until its next success', () => {
    const chain = made();
    chain.links = cut(chain.links, 1);
    chain.run();
    expect(chain.statuses()).toEqual({ a: 'verified', b: 'verified' });
    chain.run().run();
    expect(chain.read().state.breaks).toEqual([{ before: 3, noticedAt: at(6 * minute) }]);
    for (let n = 1; n <= 31; n += 1) chain.run({ now: chain.now + day });
    expect(chain.read()).toMatchObject({ brokenBefore: null, state: { breaks: [] } });
  });

  test('cannot keep a claim failing with an entry dated far ahead: the next run clears it', () => {
    const chain = grown({});
    const [only] = chain.links;
    chain.links = chain.links.concat(only ? [{ ...only, seq: 2, at: at(90 * day) }] : []);
    expect(chain.statuses()).toEqual({ a: 'failing', b: 'failing' });
    chain.run();
    expect(chain.statuses()).toEqual({ a: 'verified', b: 'verified' });
  });

  const outcome = fc.constantFrom<(Observation['outcome'] | 'none')[]>(
    'true',
    'false',
    'unknown',
    'none',
  );
  const runs = (steps: readonly number[]) =>
    fc.array(fc.record({ step: fc.constantFrom(...steps), a: outcome, b: outcome }), {
      minLength: 1,
      maxLength: 25,
    });
  const forward = [minute, minute, 6 * 60 * minute, day, 9 * day];
  const grownBy = (sequence: readonly { step: number; a: string; b: string }[]) => {
    const chain = new Growing();
    for (const { step, ...each } of sequence) {
      const outcomes = Object.fromEntries(Object.entries(each).filter(([, one]) => one !== 'none'));
      chain.run({ now: chain.now + step, outcomes: outcomes as NonNullable<Given['outcomes']> });
    }
    return chain;
  };
  type Edit = (links: SignedEntry[]) => SignedEntry[];
  const index = fc.nat(40);
  const anEdit: fc.Arbitrary<Edit> = fc.oneof(
    index.map(
      (n): Edit =>
        (links) =>
          cut(links, n % links.length),
    ),
    fc.tuple(index, index).map(
      ([from, count]): Edit =>
        (links) =>
          links.toSpliced(from % links.length, count),
    ),
    fc.tuple(index, index).map(
      ([one, other]): Edit =>
        (links) =>
          swap(links, one % links.length, other % links.length),
    ),
    fc.tuple(index, fc.nat(3_000), fc.constantFrom('A', 'b', '_', '')).map(
      ([n, place, letter]): Edit =>
        (links) =>
          changed(links, n, ({ jws }) => ({
            jws: `${jws.slice(0, place % jws.length)}${letter}${jws.slice((place % jws.length) + 1)}`,
          })),
    ),
    fc.tuple(index, fc.integer({ min: -60, max: 60 })).map(
      ([n, days]): Edit =>
        (links) =>
          changed(links, n, (link) => ({
            at: new Date(link.at.getTime() + days * day),
            checkpoint: !link.checkpoint,
          })),
    ),
    fc.tuple(index, fc.nat(3)).map(([n, ahead]): Edit => (links) => [
      ...links,
      ...links
        .slice(n % links.length)
        .slice(0, 1)
        .map((link) => ({ ...link, seq: links.length + ahead })),
    ]),
    index.map(
      (n): Edit =>
        (links) =>
          renumbered(cut(links, n % links.length)),
    ),
  );
  const swap = (links: SignedEntry[], one: number, other: number) =>
    links.map((link, n) => ({
      ...link,
      jws: (links[n === one ? other : n === other ? one : n] ?? link).jws,
    }));
  const changed = (
    links: SignedEntry[],
    n: number,
    change: (link: SignedEntry) => Partial<SignedEntry>,
  ) => links.map((link, m) => (m === n % links.length ? { ...link, ...change(link) } : link));
  const renumbered = (links: SignedEntry[]) => links.map((link, n) => ({ ...link, seq: n + 1 }));

  const edits = fc.array(anEdit, { minLength: 1, maxLength: 3 });
  const edited = ({ links }: Growing, changes: readonly Edit[]) =>
    changes
      .reduce((left, change) => (left.length > 0 ? change(left) : left), links)
      .toSorted((one, other) => one.seq - other.seq);
  /** How a reader who saw the end of the log before the edits reads it afterwards. */
  const readAgain = (chain: Growing, links: readonly SignedEntry[]) => {
    const { seq, hash } = chain.read().head ?? { seq: 0, hash: '' };
    const hasItsEnd = links.some((link) => link.seq === seq && placeOf(link).hash === hash);
    return chain.read(links, hasItsEnd ? null : { before: seq, noticedAt: at(chain.now) });
  };

  test('cannot make any status greener by any edits', () => {
    const rank = (status = '') => ['failing', 'unverified', 'verified'].indexOf(status);
    fc.assert(
      fc.property(runs(forward), edits, (sequence, changes) => {
        const chain = grownBy(sequence);
        const [before, afterwards] = [
          chain.statuses(),
          chain.statuses(readAgain(chain, edited(chain, changes))),
        ];
        for (const check of checks)
          expect(rank(afterwards[check])).toBeLessThanOrEqual(rank(before[check]));
      }),
      { numRuns: 300 },
    );
  });

  test('changes nothing without detection, even if clocks stood still or went back', () => {
    fc.assert(
      fc.property(runs([...forward, 0, -minute, -day]), edits, (sequence, changes) => {
        const chain = grownBy(sequence);
        const read = readAgain(chain, edited(chain, changes));
        if (read.brokenBefore === null) expect(chain.statuses(read)).toEqual(chain.statuses());
      }),
      { numRuns: 300 },
    );
  });
});
