/** Explanations for the failure reasons that `mail/delivery.ts` stores, by the first pattern that matches. */
const reasons: readonly [RegExp, string][] = [
  [/^expired$/, 'It was of no use any more before it could be delivered.'],
  [/^Its code is not valid any more/, 'Its code was replaced, used or has expired.'],
  [/^EAUTH\b|\b53[45]$/, 'The mail server refused our name and password. Look at SMTP_URL.'],
  [
    /^ETLS\b|STARTTLS/,
    'The mail server offers no safe connection, and without one nothing is sent.',
  ],
  [/ENOTFOUND|EDNS|EAI_AGAIN/, 'The name of the mail server was not found. Look at SMTP_URL.'],
  [/ECONNREFUSED|ECONNECTION|ESOCKET|ECONNRESET/, 'The mail server could not be reached.'],
  [/ETIMEDOUT|TimeoutError|AbortError/, 'The mail server did not answer in time.'],
  [/^EENVELOPE\b/, 'The mail server refused the sender or the recipient.'],
  [/\b4\d\d$/, 'The mail server put it off.'],
  [/\b5\d\d$/, 'The mail server refused it.'],
  [/^SealBroken$/, 'It was sealed under a key that is not in the ring any more.'],
];

/** Explains a failure reason. Unknown reasons are never shown verbatim. */
export function reasonInWords(reason: string): string {
  return (
    reasons.find(([pattern]) => pattern.test(reason))?.[1] ??
    'It failed for a reason that has no words yet. The log says which.'
  );
}
