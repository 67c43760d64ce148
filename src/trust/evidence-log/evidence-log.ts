import type { PublicKey } from '../../crypto/jws.ts';
import type { SignedEntry } from '../../records.ts';
import type { Observation } from '../claims/observation.ts';
import { placeOf, soundPart, type Link, type OpenedEntries, type Place } from './entry.ts';
import { after, emptyState, seeing, type LogState } from './log-state.ts';

/** A part of the evidence log up to its end, as far as it is trustworthy. */
export interface EvidenceLog {
  /** The last entry, trustworthy or not. The next entry follows it. */
  head: Place | null;
  checkpoint: (Place & { at: Date }) | null;
  /** State at the end of the log. */
  state: LogState;
  /** Observations of this part, and those carried over from before it. */
  observations: readonly Observation[];
  /** The position before which entries are missing or were changed. */
  brokenBefore: number | null;
}

/** The log was seen to end further on than it does now: entries were removed. */
export interface Loss {
  before: number;
  noticedAt: Date;
}

interface Reading {
  key: PublicKey;
  /**
   * The part must begin with the first entry or with a checkpoint at least as old as this. If nothing is trustworthy,
   * failures are assumed since then.
   */
  from: Date;
  /** IDs of all checks. */
  checks: readonly string[];
  loss: Loss | null;
  /** Entries opened by an earlier reading, to avoid opening them again. */
  opened?: OpenedEntries;
}

/**
 * Reads the evidence log. Only entries of the intact part count in favour of a claim. For changed or removed entries
 * the worst is assumed: a failure of every check, which only a success recorded afterwards clears.
 */
export function readEvidenceLog(
  links: readonly SignedEntry[],
  { key, from, checks, loss, opened }: Reading,
): EvidenceLog {
  const sound = soundPart(links, key, opened);
  const end = links.at(-1);
  const brokenBefore = isWhole(links, sound, from) ? null : (sound[0]?.seq ?? (end?.seq ?? 0) + 1);
  const missed = brokenBefore === null ? [] : missedFailures(checks, lossBefore(sound[0]) ?? from);
  const lost = loss === null ? [] : missedFailures(checks, loss.noticedAt);
  const state = seeing(sound.reduce(stateAfter, seeing(emptyState, missed)), lost);
  const seen = sound
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.kind === 'run' ? event.observations : []));
  const checkpoint = sound.findLast((link) => link.standing !== undefined);
  const place = links.find(({ seq }) => seq === checkpoint?.seq);
  return {
    head: end ? placeOf(end) : null,
    checkpoint: checkpoint && place ? { ...placeOf(place), at: checkpoint.at } : null,
    state,
    observations: distinct([
      ...(sound[0]?.standing?.verdicts ?? []),
      ...missed,
      ...seen,
      ...state.verdicts,
    ]),
    brokenBefore: loss?.before ?? brokenBefore,
  };
}

/** A checkpoint replaces the state completely. */
function stateAfter(before: LogState, { standing, events, at }: Link): LogState {
  return standing ?? after(before, events, at);
}

function isWhole(links: readonly SignedEntry[], sound: readonly Link[], from: Date): boolean {
  const [first] = sound;
  if (sound.length < links.length) return false;
  return !first || first.seq === 1 || (first.standing !== undefined && first.at <= from);
}

/** One millisecond before the earliest event of this entry. */
function lossBefore(first: Link | undefined): Date | null {
  if (!first) return null;
  const told = first.events.flatMap((event) =>
    event.kind === 'run' ? event.observations.map(({ collectedAt }) => collectedAt) : [],
  );
  return new Date(Math.min(...[first.at, ...told].map((date) => date.getTime())) - 1);
}

function missedFailures(checks: readonly string[], at: Date): Observation[] {
  const reason =
    'Its entries in the evidence log were changed by something other than this program, so a failure may be missing.';
  return checks.map((check) => ({
    check,
    reason,
    checkVersion: '',
    build: '',
    outcome: 'false',
    examined: 0,
    population: 0,
    controlCaught: false,
    controlSaw: '',
    collectedAt: at,
    expiresAt: at,
  }));
}

function distinct(observations: readonly Observation[]): Observation[] {
  const key = ({ check, outcome, collectedAt, build }: Observation) =>
    `${check} ${outcome} ${collectedAt.getTime()} ${build}`;
  return [...new Map(observations.map((one) => [key(one), one])).values()];
}
