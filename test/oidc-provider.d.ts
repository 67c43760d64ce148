/** Types for the parts of the provider that the tests use; the package has none. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  interface Settings {
    clients: object[];
    claims: Record<string, string[]>;
    conformIdTokenClaims: boolean;
    pkce: { required(): boolean };
    cookies: { keys: string[] };
    ttl: Record<string, number>;
    features: object;
    interactions: { url(context: unknown, interaction: { uid: string }): string };
    findAccount(context: unknown, sub: string): Promise<object>;
    loadExistingGrant(context: { oidc: { provider: Provider } }): Promise<Grant>;
  }
  export class Provider {
    constructor(issuer: string, settings: Settings);
    readonly Grant: new (properties: { clientId: string; accountId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: object,
    ): Promise<void>;
  }
}
