import { Link } from '@tanstack/react-router';
import {
  providerNames,
  type FlowProblemName,
  type FlowPurpose,
  type Provider,
} from '../../../src/api/providers.ts';
import { Callout } from '../../ui/callout.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { messages } from '../messages.ts';
import { FlowButton } from './flow-button.tsx';
import { signInAt } from './provider-links.tsx';

const t = messages.providers;

export interface ProviderProblemFacts {
  problem: FlowProblemName;
  provider: Provider;
  purpose: FlowPurpose;
  to: string | null;
}

/** Why a sign-in or connection at a provider failed, and a button to try again. */
export function ProviderProblem({ problem, provider, purpose, to }: ProviderProblemFacts) {
  const name = providerNames[provider];
  const { title, text, again } = t.problems[problem];
  const label = again?.(name) ?? messages.tryAgain;
  return (
    <Callout tone="danger" role="alert" title={title(name)}>
      <p>{text(name)}</p>
      {purpose === 'sign-in' ? (
        <LinkButton href={signInAt(provider, to)}>{label}</LinkButton>
      ) : (
        <FlowButton
          provider={provider}
          purpose={purpose}
          to={to ?? '/account#providers'}
          label={label}
        />
      )}
      {problem === 'email-unverified' && purpose === 'sign-in' && (
        <p>
          <Link to="/sign-up">{messages.signIn.signUp}</Link>
        </p>
      )}
      {purpose !== 'sign-in' && (
        <p>
          <Link to="/account" hash="providers">
            {t.back}
          </Link>
        </p>
      )}
    </Callout>
  );
}
