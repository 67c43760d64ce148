import { deletionDays, factorRecoveryHours } from './durations.ts';

/** All security events: the action and the text that users read. ASVS 16.3.1. */
const events = {
  'account.created': 'Account created',
  'account.renamed': 'Name changed',
  'account.secured':
    'A “This wasn’t me” link was used: all devices were signed out, and the password is invalid',
  'account.closing': `Account scheduled for deletion; it can be restored for ${deletionDays} days`,
  'account.reopened': 'Account restored',
  'account.email-changed': 'Email address changed',
  'factor.added': 'Second factor added',
  'factor.codes-renewed': 'New recovery codes generated; the previous ones no longer work',
  'factor.recovered': `All second factors removed after the ${factorRecoveryHours}-hour recovery`,
  'factor.recovery-begun': `${factorRecoveryHours}-hour recovery of second factors started`,
  'factor.recovery-stopped': `${factorRecoveryHours}-hour recovery of second factors stopped`,
  'factor.removed': 'Second factor removed',
  'operator.checks-run': 'Started a security check run',
  'operator.claimed': 'Operator account created',
  'operator.factor-lifted': 'Stopped requiring two-factor authentication for all accounts',
  'operator.factor-required': 'Required two-factor authentication for all accounts',
  'operator.added': 'Operator role given by an operator',
  'operator.limit-cleared': 'Rate limit cleared by an operator',
  'operator.mail-retried': 'Email retried by an operator',
  'operator.sessions-ended': 'Signed out everywhere by an operator',
  'operator.removed': 'Operator role removed by an operator',
  'password.changed': 'Password changed',
  'password.reset': 'Password reset by email',
  'provider.connected': 'Google or GitHub account connected',
  'provider.disconnected': 'Google or GitHub account disconnected',
  'session.begun': 'Signed in',
  'session.confirmed': 'Identity confirmed',
  'session.ended': 'Signed out',
  'session.others-ended': 'Signed out of all other devices',
} as const;

export type EventAction = keyof typeof events;
/** The part of an action before the dot: what the event is about. */
export type EventKind = EventAction extends `${infer Kind}.${string}` ? Kind : never;

export function actionsOf(kind: EventKind): string[] {
  return Object.keys(events).filter((action) => action.startsWith(`${kind}.`));
}

/** Returns the text for an action. An action that another version recorded is returned as it is. */
export function summaryOf(action: string): string {
  return isKnown(action) ? events[action] : action;
}

function isKnown(action: string): action is EventAction {
  return Object.hasOwn(events, action);
}
