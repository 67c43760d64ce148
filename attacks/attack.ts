import type { Target } from './target.ts';

/** One way in that must not work. It is fired over HTTP alone, at whatever answers there. */
export interface Attack {
  /** Group and number of `hardening.md` §1; from 201 on they are our own. */
  id: string;
  title: string;
  /** Where the idea comes from: an ASVS requirement, a NIST section, an advisory. */
  source: string;
  /** It measures time or floods: nothing else is fired beside it. */
  alone?: true;
  /** Returns when the target held. @throws AttackSucceeded · NotApplicable */
  run(target: Target): Promise<void>;
}
