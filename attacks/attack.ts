import type { Target } from './target.ts';

/** An attack that must fail. It is fired over HTTP alone, at any deployment. */
export interface Attack {
  /** Group and number of `hardening.md` §1; numbers from 201 on are our own. */
  id: string;
  title: string;
  /** The source of the idea: an ASVS requirement, a NIST section, an advisory. */
  source: string;
  /** It measures time or floods, so no other case runs at the same time. */
  alone?: true;
  /** Returns if the target resisted. @throws AttackSucceeded · NotApplicable */
  run(target: Target): Promise<void>;
}
