import type { CheckResponse } from './exchange.ts';
import type { FactorCensus } from './factor-census.ts';
import type { MongoFacts } from './mongo-facts.ts';
import type { SecretScan } from './secret-scan.ts';
import type { StorageFile } from './storage-files.ts';
import type { SuiteAnswer } from './suite-offer.ts';
import type { Handshake } from './tls-probe.ts';

/** The kinds of observations that a check can make. */
interface RecordedKinds {
  /** Random, and recorded so that a replay uses the same names and passwords. */
  word: string;
  answer: CheckResponse;
  /** Over plain HTTP. */
  plainAnswer: CheckResponse;
  handshake: Handshake;
  suiteAnswer: SuiteAnswer;
  /** Texts of the mails so far, oldest first. */
  mail: readonly string[];
  passwordHashes: readonly string[];
  factorCensus: FactorCensus;
  storageFiles: readonly StorageFile[];
  logLines: readonly string[];
  handedToStore: readonly string[];
  /** Requests to sign-in providers, as `POST /path`. */
  outgoing: readonly string[];
  /** Tokens issued by sign-in providers. */
  tokensGiven: readonly string[];
  mongo: MongoFacts;
  secretScan: SecretScan;
}

/**
 * Every observation goes through one function, with its kind, its arguments and the means to make it. So observations
 * can be recorded, cached and replayed.
 */
export type Recorder = <Kind extends keyof RecordedKinds>(
  kind: Kind,
  asked: string,
  look: () => Promise<RecordedKinds[Kind]>,
) => Promise<RecordedKinds[Kind]>;

/** Observations, by kind, arguments and repetition. */
export type Recording = Map<string, unknown>;

/**
 * A broken deployment, derived from the recording of a healthy one: a function per kind may change an observation
 * before the check gets it.
 */
export type Tamper = {
  [Kind in keyof RecordedKinds]?: (
    seen: RecordedKinds[Kind],
    question: Question,
  ) => RecordedKinds[Kind];
};
interface Question {
  asked: string;
  /** From 0, among requests with the same arguments. */
  nth: number;
}

/** A check asked a replay for an observation that the recording does not contain. */
class NotRecorded extends Error {
  override readonly name = 'NotRecorded';
}

/** Makes observations and stores them in the recording. */
export function record(recording: Recording): Recorder {
  const number = numbering();
  return async (kind, asked, look) => {
    const { key } = number(kind, asked);
    const seen = await look();
    recording.set(key, seen);
    return seen;
  };
}

/** Makes no observation: returns those of the recording, after tampering. */
export function replay(recording: Recording, tamper: Tamper): Recorder {
  const number = numbering();
  return async <Kind extends keyof RecordedKinds>(kind: Kind, asked: string) => {
    const { key, nth } = number(kind, asked);
    if (!recording.has(key)) throw new NotRecorded(`The recording has no “${key}”.`);
    // A key begins with its kind, and only `record` writes recordings.
    const seen = recording.get(key) as RecordedKinds[Kind];
    return tamper[kind]?.(seen, { asked, nth }) ?? seen;
  };
}

/** Makes only observations that are not in this memory yet. Failed ones are not stored. */
export function remember(memory: Map<string, Promise<unknown>>): Recorder {
  const number = numbering();
  return <Kind extends keyof RecordedKinds>(
    kind: Kind,
    asked: string,
    look: () => Promise<RecordedKinds[Kind]>,
  ) => {
    const { key } = number(kind, asked);
    // As in `replay`.
    const known = memory.get(key) as Promise<RecordedKinds[Kind]> | undefined;
    if (known) return known;
    const looking = look();
    memory.set(key, looking);
    looking.catch(() => memory.delete(key));
    return looking;
  };
}

function numbering() {
  const counts = new Map<string, number>();
  return (kind: string, asked: string) => {
    const nth = counts.get(`${kind}: ${asked}`) ?? 0;
    counts.set(`${kind}: ${asked}`, nth + 1);
    return { key: `${kind}: ${asked} #${nth}`, nth };
  };
}
