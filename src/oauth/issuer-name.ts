/** Does not contain the origin, so that accounts stay connected if the deployment’s port or host name changes. */
const sandboxIssuer = 'sandbox';

/** Returns the issuer with which this provider’s identities are stored. */
export function issuerName({ sandbox }: { sandbox: boolean }, name: string): string {
  return sandbox ? sandboxIssuer : name;
}
