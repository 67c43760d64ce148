/** Explanations for the failure reasons that `mail/delivery.ts` stores, by the first pattern that matches. */
const reasons: readonly [RegExp, string][] = [
  [/^expired$/, 'It expired before it could be delivered.'],
  [/^Its code is no longer valid/, 'Its code was replaced or used, or has expired.'],
  [/^EAUTH\b|\b53[45]$/, 'The mail server rejected the user name and password. Check SMTP_URL.'],
  [/^ETLS\b|STARTTLS/, 'The mail server does not offer TLS. Mail is not sent without it.'],
  [/ENOTFOUND|EDNS|EAI_AGAIN/, 'The host name of the mail server was not found. Check SMTP_URL.'],
  [/ECONNREFUSED|ECONNECTION|ESOCKET|ECONNRESET/, 'The mail server could not be reached.'],
  [/ETIMEDOUT|TimeoutError|AbortError/, 'The mail server did not answer in time.'],
  [/^EENVELOPE\b/, 'The mail server rejected the sender or the recipient.'],
  [/\b4\d\d$/, 'The mail server deferred the message.'],
  [/\b5\d\d$/, 'The mail server rejected the message.'],
  [/^SealBroken$/, 'It was encrypted with a key that is no longer in the keyring.'],
];

/** Explains a failure reason. Unknown reasons are never shown verbatim. */
export function reasonInWords(reason: string): string {
  return (
    reasons.find(([pattern]) => pattern.test(reason))?.[1] ??
    'Delivery failed for an unrecognised reason. See the server log.'
  );
}
