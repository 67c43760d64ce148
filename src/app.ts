import { Hono, type Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { ownAccountEndpoints } from './accounts/own-account-routes.ts';
import { accountEndpoints } from './accounts/routes.ts';
import { screens, type PagePath } from './api/screens.ts';
import { clientOf, type ConnectionInfo } from './http/client.ts';
import { cookieName } from './http/cookie-headers.ts';
import { deploymentEndpoint } from './http/deployment.ts';
import type { Endpoint } from './http/endpoint.ts';
import { rightsOf } from './http/guards.ts';
import { checkHost, probes } from './http/host-check.ts';
import { checkOrigin, varyByOrigin } from './http/origin-check.ts';
import type { PageLayout } from './http/page.tsx';
import { notServed, problemAnswer } from './http/problem-answer.ts';
import { sandboxServices } from './http/sandbox.ts';
import { makeSecurityHeaders } from './http/security-headers.ts';
import { serveEndpoint, type Sessions } from './http/serve-endpoint.ts';
import { shell, type StaticFiles } from './http/static-files.ts';
import { makeStoreHealth } from './http/store-health.ts';
import type { Delivery } from './mail/delivery.ts';
import { oauthEndpoints } from './oauth/routes.ts';
import { once } from './once.ts';
import { operatorEndpoints } from './operators/routes.ts';
import { Problem } from './problems.ts';
import type { Services } from './services.ts';
import { authenticate } from './sessions/authenticate.ts';
import { requireConfirmation } from './sessions/require-confirmation.ts';
import { authorityOf } from './sessions/rights.ts';
import { sessionEndpoints } from './sessions/routes.ts';
import { onBehalfOf } from './store/authority.ts';
import { trustEndpoints } from './trust/routes.ts';
import { factorEndpoints } from './two-factor/routes.ts';

/* Modules that a session check does not need are loaded on first use, to keep a cold start short. */
const securityPages = () => import('./trust/page/security-pages.tsx');
const wellKnown = () => import('./trust/page/well-known.ts');
const sandbox = () => import('./sandbox/routes.ts');

/** The whole server. `connection` is what only the listener knows about the connection. */
export type App = (request: Request, connection: ConnectionInfo) => Promise<Response>;

/** Returns all endpoints. */
export function endpointsOf({ config }: Pick<Services, 'config'>): Endpoint[] {
  const rules = { minLength: config.passwordMinLength };
  return [
    deploymentEndpoint,
    ...accountEndpoints(rules),
    ...ownAccountEndpoints(rules),
    ...sessionEndpoints,
    ...factorEndpoints,
    ...oauthEndpoints,
    ...trustEndpoints,
    ...operatorEndpoints,
  ];
}

/** Public pages treat a session for which enrolment is required as signed out. */
function signedOutIfEnrolling(error: unknown): null {
  if (error instanceof Problem && error.kind === 'second-factor-required') return null;
  throw error;
}

type Env = { Bindings: ConnectionInfo };
/** Where the public finds data. All other public paths are pages, and tests go through their list. */
type DataPath = '/openapi.json' | `/.well-known/${string}`;

interface AppParts {
  files: StaticFiles;
  delivery: Delivery;
  version: string;
  /** An SPDX identifier. */
  license: string;
}

export function makeApp(services: Services, { files, delivery, version, license }: AppParts): App {
  const { config, log, store } = services;
  const layout: PageLayout = { stylesheet: files.stylesheet, sandbox: sandboxServices(config) };
  const secureHeaders = makeSecurityHeaders(config);
  const principalOf = (context: Context<Env>) =>
    authenticate(services, clientOf(context.req.raw, context.env, services).sessionToken).catch(
      signedOutIfEnrolling,
    );
  const readerOf = async (context: Context<Env>) => ({
    signedIn: (await principalOf(context)) !== null,
  });
  const sessions: Sessions = {
    authenticate: (token, admission) => authenticate(services, token, admission),
    requireConfirmation: (principal, rights) => requireConfirmation(services, principal, rights),
    authorityOf: (principal, rights) => authorityOf(services, principal, rights),
  };
  const storeAnswers = makeStoreHealth(store);
  const endpoints = endpointsOf(services);
  const describe = once(async () =>
    (await import('./http/openapi.ts')).openapi(endpoints, {
      origin: config.origin,
      version,
      license,
      cookie: cookieName('flowcept', config.secure),
    }),
  );
  const pages = once(async () =>
    (await import('./pages.tsx')).makePages({ store, layout, describe }),
  );
  const sandboxPages = once(async () =>
    (await sandbox()).sandboxPages({ ...services, delivery, layout, readerOf }),
  );
  /*
   * Named explicitly, so that a path that this router does not support fails every test. By default, Hono silently uses
   * a slower router.
   */
  const app = new Hono<Env>({ router: new RegExpRouter() });

  const problemFor = (error: unknown, context: Context<Env>) =>
    problemAnswer(error, context.req.raw, { log, layout, reader: () => readerOf(context) });
  app.onError(problemFor);
  app.notFound((context) => problemFor(notServed(app.router, context.req.path), context));

  app.use(async (context, next) => {
    const { req } = context;
    const file = files.serve(req.path, req.raw);
    if (file) return file;
    if (!probes.has(req.path)) checkHost(req.raw, config);
    if (req.path.startsWith('/api/')) await storeAnswers();
    // A request that no route serves matches this middleware only, and is refused for that first.
    if (matchedRoutes(context).length > 1) checkOrigin(req.raw, config.origin);
    return next();
  });

  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, ({ req, env }) =>
      serveEndpoint(endpoint, {
        services,
        secureHeaders,
        sessions,
        client: clientOf(req.raw, env, services),
        request: req.raw,
        params: req.param(),
      }),
    );
  }

  /** Serves a public page, with a rate limit per client network. A read-only database suffices. */
  const publicPage = (
    path: PagePath | DataPath,
    serve: (context: Context<Env>) => Promise<Response>,
  ) =>
    app.get(path, async (context) => {
      await storeAnswers();
      await services.limiter.consume('public-pages', {
        key: clientOf(context.req.raw, context.env, services).network,
      });
      return serve(context);
    });
  publicPage('/', async (context) =>
    (await pages()).landing(context.req.raw, await principalOf(context)),
  );
  publicPage('/security', async (context) =>
    (await securityPages()).securityPage(
      { ...services, layout },
      context.req.raw,
      await principalOf(context),
    ),
  );
  publicPage('/security/claims/:claim', async (context) =>
    (await securityPages()).claimPage(
      { ...services, layout },
      context.req.raw,
      context.req.param('claim') ?? '',
      await principalOf(context),
    ),
  );
  publicPage('/security/run', async (context) =>
    (await securityPages()).runningPage({ ...services, layout }, await principalOf(context)),
  );
  app.post('/security/run', async (context) => {
    const principal = await principalOf(context);
    const store = principal
      ? onBehalfOf(services.store, authorityOf(services, principal, rightsOf.operator))
      : services.store;
    return (await securityPages()).runFromPage(
      { ...services, store },
      principal,
      clientOf(context.req.raw, context.env, services),
    );
  });
  publicPage('/.well-known/flowcept-evidence.jws', async ({ req }) =>
    (await wellKnown()).evidenceDocument(services, req.raw),
  );
  publicPage('/.well-known/flowcept-evidence.schema.json', async ({ req }) =>
    (await wellKnown()).evidenceSchema(req.raw),
  );
  publicPage('/.well-known/jwks.json', async ({ req }) =>
    (await wellKnown()).keySet(services, req.raw),
  );
  publicPage('/openapi.json', async ({ req }) => (await pages()).openapi(req.raw));
  publicPage('/docs', async (context) =>
    (await pages()).apiReference(context.req.raw, await readerOf(context)),
  );
  publicPage('/problems', async (context) =>
    (await pages()).problems(context.req.raw, await readerOf(context)),
  );
  publicPage('/problems/:name', async (context) =>
    (await pages()).problem(
      context.req.raw,
      context.req.param('name') ?? '',
      await readerOf(context),
    ),
  );
  app.get('/healthz', () => Response.json({ status: 'up' }));
  app.get('/readyz', async () => {
    await store.ping();
    return Response.json({ status: 'ready' });
  });
  app.all('/sandbox/*', async ({ req, env }) => (await sandboxPages()).fetch(req.raw, env));
  for (const screen of screens) app.get(screen, ({ req }) => shell(files, req.raw));

  return async (request, connection) => {
    const answer = await app.fetch(request, connection);
    secureHeaders.complete(answer);
    varyByOrigin(request, answer);
    return answer;
  };
}
