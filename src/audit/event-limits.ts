import type { EventAction } from '../api/events.ts';
import type { LimitName } from '../ratelimit/limits.ts';

/**
 * What keeps one account from making the record grow without end. `null`: it happens once, only after another one of these
 * (one signs out after signing in), or is limited where it is asked for, by mail. What protects an account is never refused.
 */
export const eventLimits = {
  'account.created': null,
  'account.renamed': 'recorded-changes',
  'account.secured': null,
  'account.closing': null,
  'account.reopened': null,
  'account.email-changed': 'recorded-changes',
  'factor.added': 'recorded-changes',
  'factor.codes-renewed': 'recorded-changes',
  'factor.recovered': null,
  'factor.recovery-begun': null,
  'factor.recovery-stopped': null,
  'factor.removed': null,
  'operator.checks-run': 'recorded-changes',
  'operator.claimed': null,
  'operator.factor-lifted': 'recorded-changes',
  'operator.factor-required': 'recorded-changes',
  'operator.added': 'recorded-changes',
  'operator.limit-cleared': null,
  'operator.mail-retried': 'recorded-changes',
  'operator.sessions-ended': null,
  'operator.removed': null,
  'password.changed': 'recorded-passwords',
  'password.reset': null,
  'provider.connected': 'recorded-changes',
  'provider.disconnected': null,
  'session.begun': 'recorded-sign-ins',
  'session.confirmed': 'recorded-sign-ins',
  'session.ended': null,
  'session.others-ended': null,
} as const satisfies Record<EventAction, LimitName | null>;

type Limits = typeof eventLimits;
/** Those that a limit of their own holds back, and those that need none. */
export type UnlimitedAction = {
  [Action in EventAction]: Limits[Action] extends null ? Action : never;
}[EventAction];
export type LimitedAction = Exclude<EventAction, UnlimitedAction>;
