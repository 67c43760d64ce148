import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '../ui/button.tsx';
import { buttonClass } from '../ui/button-class.ts';
import { Callout } from '../ui/callout.tsx';
import { Time } from '../ui/time.tsx';
import { call, noAnswer } from './api.ts';
import { ProblemCallout } from './problem-callout.tsx';
import { factorsQuery, sessionQuery } from './queries.ts';
import { words } from './words.ts';

const say = words.lostFactors;

/** What whoever is signed in must hear of their second factors, wherever they are. */
export function FactorNotices() {
  const recovery = useQuery(factorsQuery).data?.recovery;
  const required = useQuery(sessionQuery).data?.secondFactor;
  return (
    <>
      {recovery && (recovery.usedAt === null ? <Waiting opensAt={recovery.opensAt} /> : <Removed />)}
      {required && !required.held && <Required from={required.from} />}
    </>
  );
}

function Waiting({ opensAt }: { opensAt: string }) {
  const queryClient = useQueryClient();
  const stop = useMutation({
    mutationFn: () => call({ method: 'DELETE', path: '/api/recovery/factors', answer: noAnswer }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  return (
    <Callout tone="danger" role="alert" title={say.bannerTitle}>
      <p>{say.banner} <Time at={opensAt} /></p>
      <p>{say.bannerWay}</p>
      {stop.error && <ProblemCallout error={stop.error} />}
      <div><Button look="danger" busy={stop.isPending ? words.act.busy : undefined} onPress={() => stop.mutate()}>{say.stop}</Button></div>
    </Callout>
  );
}

function Removed() {
  return (
    <Callout tone="warn" role="status" title={say.removedTitle}>
      <p>{say.removed}</p>
      <Link to="/account" hash="factors" className={buttonClass('plain')}>{say.addAgain}</Link>
    </Callout>
  );
}

function Required({ from }: { from: string }) {
  return (
    <Callout tone="warn" role="status" title={words.addFactor.soonTitle}>
      <p>{words.addFactor.soon} <Time at={from} /></p>
      <Link to="/account" hash="factors" className={buttonClass('plain')}>{say.addAgain}</Link>
    </Callout>
  );
}
