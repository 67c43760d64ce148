import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { providerNames, type JoinedProvider } from '../../../src/api/providers.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery, joinedQuery, sessionsQuery } from '../queries.ts';
import { FlowButton } from '../session/flow-button.tsx';

const t = messages.providers;

/** Which providers can sign in to the account; to join and to drop one wants fresh proof. */
export function JoinedProviders() {
  const { providers } = useSuspenseQuery(deploymentQuery).data;
  const joined = useQuery(joinedQuery);
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  if (providers.length === 0 && joined.data?.items.length === 0) return null;

  function report(sentence: string) {
    setDone(sentence);
    heading.current?.focus();
  }

  const items = joined.data?.items ?? [];
  const others = providers.filter(
    (provider) => joined.data && !items.some((item) => item.provider === provider),
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
      {joined.error && <ProblemCallout error={joined.error} />}
      {items.length > 0 && (
        <ul className="fc-section">
          {items.map((item) => (
            <Joined key={item.provider} item={item} onDropped={report} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <div className="fc-row">
          {others.map((provider) => (
            <FlowButton
              key={provider}
              provider={provider}
              purpose="join"
              to="/account#providers"
              label={t.connect(providerNames[provider])}
            />
          ))}
        </div>
      )}
    </section>
  );
}

function Joined({
  item: { provider, email, joinedAt },
  onDropped,
}: {
  item: JoinedProvider;
  onDropped: (sentence: string) => void;
}) {
  const queryClient = useQueryClient();
  const name = providerNames[provider];
  const drop = useMutation({
    mutationFn: () =>
      call({ method: 'DELETE', path: `/api/account/providers/${provider}`, answer: noAnswer }),
    onSuccess: () => onDropped(t.disconnected(name)),
    onSettled: () =>
      Promise.all(
        [joinedQuery, sessionsQuery].map(({ queryKey }) =>
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
          { label: t.since, value: <Time at={joinedAt} now={new Date()} /> },
        ]}
      />
      {drop.error && <ProblemCallout error={drop.error} />}
      <Button
        describedBy={title}
        busy={drop.isPending ? t.disconnecting : undefined}
        onPress={() => drop.mutate()}
      >
        {t.disconnect(name)}
      </Button>
    </li>
  );
}
