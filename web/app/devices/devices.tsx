import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { SessionItem } from '../../../src/api/sessions.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { sessionsQuery } from '../queries.ts';
import { DeviceRow } from './device-row.tsx';
import { SignOutOthers } from './sign-out-others.tsx';

const t = messages.home;

/** All sessions of the account, and the buttons that end them. */
export function Devices() {
  const sessions = useQuery(sessionsQuery);
  const [done, setDone] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);

  /** The pressed button disappears with its row, so the heading of the list takes the focus. */
  function report(sentence: string) {
    setDone(sentence);
    heading.current?.focus();
  }

  return (
    <section className="fc-section" aria-labelledby="devices">
      <div className="fc-stack fc-stack-tight">
        <h2 id="devices" ref={heading} tabIndex={-1}>
          {t.devices}
        </h2>
        <p className="fc-muted">{t.devicesLead}</p>
      </div>
      <p className="fc-done" role="status">
        {done}
      </p>
      {sessions.isPending && (
        <p className="fc-muted" role="status">
          {t.devicesLoading}
        </p>
      )}
      {sessions.error && (
        <ProblemCallout error={sessions.error}>
          <Button onPress={() => void sessions.refetch()}>{messages.tryAgain}</Button>
        </ProblemCallout>
      )}
      {sessions.data && <DeviceList sessions={sessions.data} onDone={report} />}
    </section>
  );
}

function DeviceList({
  sessions,
  onDone,
}: {
  sessions: SessionItem[];
  onDone: (sentence: string) => void;
}) {
  const others = sessions.filter(({ current }) => !current);
  const currentFirst = [...sessions.filter(({ current }) => current), ...others];
  return (
    <>
      <ul className="fc-devices">
        {currentFirst.map((session) => (
          <DeviceRow key={session.id} session={session} onDone={onDone} />
        ))}
      </ul>
      {others.length === 0 ? (
        <p className="fc-muted">{t.onlyThis}</p>
      ) : (
        <SignOutOthers count={others.length} onDone={onDone} />
      )}
    </>
  );
}
