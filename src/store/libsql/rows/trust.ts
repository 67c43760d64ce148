import type { SignedEntry } from '../../../records.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

export type EntryRow = [number, number, number, string];

export const toEntry = ([seq, at, checkpoint, jws]: EntryRow): SignedEntry => ({
  seq,
  at: date(at),
  checkpoint: checkpoint === 1,
  jws,
});

export const fromEntry = (link: SignedEntry): Value[] => [
  link.seq,
  link.at.getTime(),
  Number(link.checkpoint),
  link.jws,
];
