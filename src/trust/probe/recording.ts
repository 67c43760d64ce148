import type { CheckResponse } from './exchange.ts';
import type { FactorCensus } from './factor-census.ts';
import type { MongoFacts } from './mongo-facts.ts';
import type { SecretScan } from './secret-scan.ts';
import type { StorageFile } from './storage-files.ts';
import type { Handshake } from './tls-probe.ts';

/** What a check can see of a deployment, by kind. */
interface RecordedKinds {
  /** Chance, so that a replay has the same names and passwords. */
  word: string;
  answer: CheckResponse;
  /** Over plain HTTP. */
  plainAnswer: CheckResponse;
  handshake: Handshake;
  /** Texts of the mails that came, oldest first. */
  mail: readonly string[];
  passwordHashes: readonly string[];
  factorCensus: FactorCensus;
  storageFiles: readonly StorageFile[];
  logLines: readonly string[];
  handedToStore: readonly string[];
  /** Calls to sign-in providers, `POST /path`. */
  outgoing: readonly string[];
  /** Tokens that sign-in providers gave. */
  tokensGiven: readonly string[];
  mongo: MongoFacts;
  secretScan: SecretScan;
}

/**
 * Everything that a check learns comes through one function: what kind of thing it looked at, how it asked,
 * and how that is looked up. So it can be recorded, remembered and replayed.
 */
export type Recorder = <Kind extends keyof RecordedKinds>(
  kind: Kind,
  asked: string,
  look: () => Promise<RecordedKinds[Kind]>,
) => Promise<RecordedKinds[Kind]>;

/** What was seen, by what was asked and for the how manieth time. */
export type Recording = Map<string, unknown>;

/** A broken deployment, made of a healthy recording: each kind of sight may be changed on the way to the check. */
export type Tamper = {
  [Kind in keyof RecordedKinds]?: (
    seen: RecordedKinds[Kind],
    question: Question,
  ) => RecordedKinds[Kind];
};
interface Question {
  asked: string;
  /** From 0, among those that asked the same. */
  nth: number;
}

/** A check asked a replay for something that the recording does not hold. */
class NotRecorded extends Error {
  override readonly name = 'NotRecorded';
}

/** Looks, and keeps what was seen. */
export function record(recording: Recording): Recorder {
  const number = numbering();
  return async (kind, asked, look) => {
    const { key } = number(kind, asked);
    const seen = await look();
    recording.set(key, seen);
    return seen;
  };
}

/** Never looks: answers from the recording, tampered with. */
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

/** Looks only at what nobody looked at before with this memory. A failed look is not kept. */
export function remember(memory: Map<string, Promise<unknown>>): Recorder {
  const number = numbering();
  return <Kind extends keyof RecordedKinds>(
    kind: Kind,
    asked: string,
    look: () => Promise<RecordedKinds[Kind]>,
  ) => {
    const { key } = number(kind, asked);
    // As in a recording.
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
