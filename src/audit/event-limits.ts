import type { EventAction } from '../api/events.ts';
import type { LimitName } from '../ratelimit/limits.ts';

/**
 * The rate limit for recording each action, so that no account can make the log grow without bound. `null` means that
 * no limit is needed here: the action can only follow another one of these (a sign-out follows a sign-in), is limited
 * where its email is requested, or protects the account and must never be refused.
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
/** Actions that another limit covers or that need no limit. */
export type UnlimitedAction = {
  [Action in EventAction]: Limits[Action] extends null ? Action : never;
}[EventAction];
export type LimitedAction = Exclude<EventAction, UnlimitedAction>;
