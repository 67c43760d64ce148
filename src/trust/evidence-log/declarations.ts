import { createHash } from 'node:crypto';
import { claims } from '../claims/claims.ts';
import type { SecuritySource, Sentence } from '../claims/security-source.ts';
import type { Check } from '../probe/check.ts';
import type { Declaration } from './events.ts';

/**
 * Everything that decides what a status means: the claims’ sentences and proof policies, the checks, and the
 * attestations.
 */
export function declarationsOf(
  { sentences, attestations, exceptions, dates }: SecuritySource,
  checks: readonly Check[],
): Declaration[] {
  return [
    ...sentences.map((one): Declaration => ({
      what: 'claim',
      id: one.claim,
      digest: wordingOf(one),
      says: one.text,
    })),
    ...checks.map(({ id, version, title }): Declaration => ({
      what: 'check',
      id,
      digest: version,
      says: title,
    })),
    ...attestations.map((one): Declaration => ({
      what: 'attestation',
      id: `${one.claim} by ${one.by} from ${one.from}`,
      digest: digestOf(one),
      says: one.statement,
    })),
    ...exceptions.map((one): Declaration => ({
      what: 'exception',
      id: `${one.claim} by ${one.approvedBy}`,
      digest: digestOf(one),
      says: one.reason,
    })),
    ...Object.entries(dates).map(([claim, until]): Declaration => ({
      what: 'date',
      id: claim,
      digest: digestOf(until),
      says: until,
    })),
  ];
}

/** Version of a claim: of its sentence and its proof policy. */
export function wordingOf({ claim, text }: Sentence): string {
  const { policy, checks } = claims[claim];
  return digestOf({ text, policy, checks });
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
