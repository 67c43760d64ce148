import { useSuspenseQuery } from '@tanstack/react-query';
import { providerNames, type Provider } from '../../../src/api/providers.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';

const t = messages.providers;

/**
 * Where signing in with a provider starts. It is a link, because the Content-Security-Policy lets
 * no form lead to another site.
 */
export function signInAt(provider: Provider, to: string | null): string {
  return `/api/sign-in/${provider}${to === null ? '' : `?${new URLSearchParams({ to })}`}`;
}

/** The providers of this deployment; renders nothing if it has none. */
export function ProviderLinks({ to }: { to: string | null }) {
  const { providers } = useSuspenseQuery(deploymentQuery).data;
  if (providers.length === 0) return null;
  return (
    <section className="fc-stack" aria-label={t.label}>
      <p className="fc-aside">{t.or}</p>
      {providers.map((provider) => (
        <LinkButton key={provider} href={signInAt(provider, to)} wide>
          {t.continueWith(providerNames[provider])}
        </LinkButton>
      ))}
    </section>
  );
}
