/** The same at every address of the deployment, so that another port or name disconnects no account. */
const sandboxIssuer = 'sandbox';

/** What the identities of this server are stored with. */
export function issuerName({ sandbox }: { sandbox: boolean }, name: string): string {
  return sandbox ? sandboxIssuer : name;
}
