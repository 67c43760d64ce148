import type { Hashed, PasswordHash } from '../../records.ts';
import { at, hashed, passwordHash } from './samples.ts';

export const emails = ['a@one.test', 'b@one.test', 'a@two.test'] as const;
export const domains = ['one.test', 'two.test'] as const;

export const subjects = ['1', '2', '3'] as const;
export const issuers = ['https://one.example', 'https://two.example'] as const;

export const accountOf = (email: string): string => `account of ${email}`;

interface Proof {
  id: string;
  email: string;
}

/** The records that a random sequence has created. The same for both stores, because it never depends on a result. */
export class World {
  now = 0;
  readonly signUps: Proof[] = [];
  readonly challenges: Proof[] = [];
  /** Includes challenges that recover an account. */
  readonly recoveries: Proof[] = [];
  readonly hashes: PasswordHash[] = [];
  readonly sessions: string[] = [];
  readonly tokens: Hashed[] = [];
  readonly mails: string[] = [];
  readonly claims: Hashed[] = [];
  readonly undos: Hashed[] = [];
  readonly flows: Hashed[] = [];
  #made = 0;

  at(ms = 0): Date {
    return at(this.now + ms);
  }
  name(kind: string): string {
    return `${kind} ${(this.#made += 1)}`;
  }
  proof(kind: 'signUps' | 'challenges' | 'recoveries', email: string): string {
    const id = this.name(kind);
    this[kind].push({ id, email });
    return id;
  }
  id(kind: 'sessions' | 'mails'): string {
    const id = this.name(kind);
    this[kind].push(id);
    return id;
  }
  token(kind: 'tokens' | 'claims' | 'undos' | 'flows'): Hashed {
    const token = hashed(this.name(kind));
    this[kind].push(token);
    return token;
  }
  hash(): PasswordHash {
    const hash = passwordHash(this.name('password'));
    this.hashes.push(hash);
    return hash;
  }
}

/** One of the last few IDs, or one that does not exist. */
export const recent = (ids: readonly string[], n: number): string => recentOr(ids, n, 'none');
export const recentOr = <Item>(items: readonly Item[], n: number, otherwise: Item): Item =>
  items.at(-1 - n) ?? otherwise;
export const recentProof = (proofs: readonly Proof[], n: number): Proof =>
  recentOr(proofs, n, { id: 'none', email: emails[0] });
export const one = <Item>(items: readonly [Item, ...Item[]], n: number): Item =>
  items[n % items.length] ?? items[0];
