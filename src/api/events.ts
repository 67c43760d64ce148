/** Every security event there is: its action, and the sentence by which a person knows it. ASVS 16.3.1. */
const events = {
  'account.created': 'The account was made',
  'account.renamed': 'The name was changed',
  'account.secured':
    'A “This wasn’t me” link was used: all sessions ended, and the password is invalid',
  'account.closing': 'The account is being closed; it can be opened again for fourteen days',
  'account.reopened': 'The account was opened again',
  'account.moved': 'The e-mail address was changed',
  'factor.added': 'A second factor was added',
  'factor.codes-renewed': 'New recovery codes were made; the ones before are void',
  'factor.recovered': 'Every second factor was removed after the 72-hour recovery',
  'factor.recovery-begun': 'The 72-hour recovery of second factors was started',
  'factor.recovery-stopped': 'The 72-hour recovery of second factors was stopped',
  'factor.removed': 'A second factor was removed',
  'operator.checks-run': 'Had the checks run',
  'operator.claimed': 'The operator’s account was made',
  'operator.factor-lifted': 'Lifted the rule that every account needs a second factor',
  'operator.factor-required': 'Set the rule that every account needs a second factor',
  'operator.granted': 'Was made an operator by an operator',
  'operator.limit-lifted': 'An operator lifted a limit',
  'operator.mail-retried': 'An operator had a mail tried again at once',
  'operator.sessions-ended': 'An operator signed out all devices',
  'operator.withdrawn': 'Is no operator any more: an operator took it back',
  'password.changed': 'The password was changed',
  'password.recovered': 'The password was set again by a code from the mail',
  'provider.joined': 'Google or GitHub was connected',
  'provider.dropped': 'Google or GitHub was disconnected',
  'session.begun': 'Signed in',
  'session.confirmed': 'Confirmed who sits there',
  'session.ended': 'Signed out',
  'session.others-ended': 'Signed out all other devices',
} as const;

export type EventAction = keyof typeof events;
/** What an event is about. */
export type EventKind = EventAction extends `${infer Kind}.${string}` ? Kind : never;

export function actionsOf(kind: EventKind): string[] {
  return Object.keys(events).filter((action) => action.startsWith(`${kind}.`));
}

/** The sentence for an action; one that another version recorded stands for itself. */
export function summaryOf(action: string): string {
  return isKnown(action) ? events[action] : action;
}

function isKnown(action: string): action is EventAction {
  return Object.hasOwn(events, action);
}
