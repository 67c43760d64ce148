import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SessionItem } from '../../../src/api/sessions.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { sessionsQuery } from '../queries.ts';
import { useSignOut } from '../shell/use-sign-out.ts';

const t = messages.home;

interface DeviceRowProps {
  session: SessionItem;
  onDone: (sentence: string) => void;
}

/** One session: device, place and time, and the button that ends it. */
export function DeviceRow({ session, onDone }: DeviceRowProps) {
  const now = new Date();
  const device = session.device === '' ? t.unknownDevice : session.device;
  const title = `device-${session.id}`;
  return (
    <li className="fc-device" aria-labelledby={title}>
      <div className="fc-device-head">
        <h3 id={title}>{device}</h3>
        {session.current && <Badge accent>{t.thisDevice}</Badge>}
      </div>
      <p className="fc-muted">{t.methods[session.method]}</p>
      <KeyValue
        facts={[
          { label: t.address, value: session.address },
          { label: t.first, value: <Time at={session.deviceFirstUsedAt} now={now} /> },
          { label: t.signedIn, value: <Time at={session.createdAt} now={now} /> },
          { label: t.last, value: <Time at={session.lastUsedAt} now={now} /> },
        ]}
      />
      {session.current ? (
        <SignOutHere describedBy={title} />
      ) : (
        <SignOutThere session={session} device={device} describedBy={title} onDone={onDone} />
      )}
    </li>
  );
}

function SignOutHere({ describedBy }: { describedBy: string }) {
  const signOut = useSignOut();
  return (
    <>
      {signOut.error && <ProblemCallout error={signOut.error} />}
      <Button
        describedBy={describedBy}
        busy={signOut.isPending ? t.signingOut : undefined}
        onPress={() => signOut.mutate()}
      >
        {t.signOutHere}
      </Button>
    </>
  );
}

function SignOutThere({
  session,
  device,
  describedBy,
  onDone,
}: DeviceRowProps & { device: string; describedBy: string }) {
  const queryClient = useQueryClient();
  const path = `/api/sessions/${encodeURIComponent(session.id)}`;
  const signOut = useMutation({
    mutationFn: () => call({ method: 'DELETE', path, answer: noAnswer }),
    onSuccess: () => onDone(t.signedOutOne(device)),
    onSettled: () => queryClient.invalidateQueries(sessionsQuery),
  });
  return (
    <>
      {signOut.error && <ProblemCallout error={signOut.error} />}
      <Button
        describedBy={describedBy}
        busy={signOut.isPending ? t.signingOut : undefined}
        onPress={() => signOut.mutate()}
      >
        {t.signOutDevice}
      </Button>
    </>
  );
}
