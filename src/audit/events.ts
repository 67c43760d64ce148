/** Every security event there is: its action, and the sentence by which a person knows it. ASVS 16.3.1. */
export const events = {
  'account.created': 'The account was made',
  'account.renamed': 'The name was changed',
  'account.secured': 'Somebody said “this wasn’t me”: all sessions ended, the password is void',
  'operator.claimed': 'The operator’s account was made',
  'password.changed': 'The password was changed',
  'password.recovered': 'The password was set again by a code from the mail',
  'session.begun': 'Signed in',
  'session.confirmed': 'Confirmed by the password',
  'session.ended': 'Signed out',
  'session.others-ended': 'Signed out all other devices',
} as const;

export type EventAction = keyof typeof events;
