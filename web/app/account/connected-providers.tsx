import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { providerNames, type ConnectedProvider } from '../../../src/api/providers.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery, connectedQuery, sessionsQuery } from '../queries.ts';
import { FlowButton } from '../session/flow-button.tsx';

const t = messages.providers;

/**
 * The providers that can sign in to the account. Connecting and disconnecting one requires
 * re-authentication.
 */
export function ConnectedProviders() {
  const { providers } = useSuspenseQuery(deploymentQuery).data;
  const connected = useQuery(connectedQuery);
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  if (providers.length === 0 && connected.data?.items.length === 0) return null;

  function report(sentence: string) {
    setDone(sentence);
    heading.current?.focus();
  }

  const items = connected.data?.items ?? [];
  const others = providers.filter(
    (provider) => connected.data && !items.some((item) => item.provider === provider),
  );
  return (
    <section className="fc-section" aria-labelledby="providers">
      <div className="fc-stack fc-stack-tight">
        <h2 id="providers" ref={heading} tabIndex={-1}>
          {t.title}
        </h2>
        <p className="fc-muted">{t.lead}</p>
      </div>
      <p className="fc-done" role="status">
        {done}
      </p>
      {connected.error && <ProblemCallout error={connected.error} />}
      {items.length > 0 && (
        <ul className="fc-devices">
          {items.map((item) => (
            <Connected
              key={item.provider}
              item={item}
              isOnlyWay={
                connected.data?.hasPassword === false &&
                !items.some((other) => other !== item && other.usable)
              }
              onDisconnected={report}
            />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <div className="fc-row">
          {others.map((provider) => (
            <FlowButton
              key={provider}
              provider={provider}
              purpose="connect"
              to="/account#providers"
              label={t.connect(providerNames[provider])}
            />
          ))}
        </div>
      )}
    </section>
  );
}

function Connected({
  item: { provider, email, connectedAt, usable },
  isOnlyWay,
  onDisconnected,
}: {
  item: ConnectedProvider;
  isOnlyWay: boolean;
  onDisconnected: (sentence: string) => void;
}) {
  const queryClient = useQueryClient();
  const name = providerNames[provider];
  const disconnect = useMutation({
    mutationFn: () =>
      call({ method: 'DELETE', path: `/api/account/providers/${provider}`, answer: noAnswer }),
    onSuccess: () => onDisconnected(t.disconnected(name)),
    onSettled: () =>
      Promise.all(
        [connectedQuery, sessionsQuery].map(({ queryKey }) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const title = `provider-${provider}`;
  return (
    <li className="fc-device" aria-labelledby={title}>
      <div className="fc-device-head">
        <h3 id={title}>{name}</h3>
      </div>
      <KeyValue
        facts={[
          { label: t.as, value: <bdi>{email}</bdi> },
          { label: t.since, value: <Time at={connectedAt} now={new Date()} /> },
        ]}
      />
      {!usable && <p>{t.unusable(name)}</p>}
      {disconnect.error && <ProblemCallout error={disconnect.error} />}
      {isOnlyWay ? (
        <p className="fc-muted">{usable ? t.onlyWay(name) : t.passwordFirst}</p>
      ) : (
        <Button
          describedBy={title}
          busy={disconnect.isPending ? t.disconnecting : undefined}
          onPress={() => disconnect.mutate()}
        >
          {t.disconnect(name)}
        </Button>
      )}
    </li>
  );
}
