import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { ApiProblem, isTemporary } from '../../client/problem.ts';
import { whenReachable } from '../../client/reachable.ts';
import { Button } from '../../ui/button.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { AppLayout } from './app-layout.tsx';
import { focusHeading } from './focus-heading.ts';
import { Page } from './page.tsx';

/** Shown when a screen could not be loaded or rendered. It is loaded again when the server answers. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  const known = error instanceof ApiProblem;
  const isTemporaryError = isTemporary(error);
  const load = useCallback(async () => {
    await router.invalidate();
    focusHeading();
  }, [router]);
  useEffect(
    () => (isTemporaryError ? whenReachable(() => void load()) : undefined),
    [isTemporaryError, load],
  );
  const again = known ? () => void load() : () => window.location.reload();
  return (
    <Page title={known ? messages.failed.title : messages.broken.title}>
      <ProblemCallout error={error} />
      <Button look="primary" onPress={again}>
        {known ? messages.tryAgain : messages.broken.reload}
      </Button>
    </Page>
  );
}

/** The same when even the layout could not be loaded. */
export function ErrorInFrame(props: ErrorComponentProps) {
  return (
    <AppLayout>
      <ErrorScreen {...props} />
    </AppLayout>
  );
}

export function NotFoundScreen() {
  return (
    <Page title={messages.notFound.title}>
      <p>{messages.notFound.text}</p>
      <LinkButton look="primary" href="/">
        {messages.notFound.home}
      </LinkButton>
    </Page>
  );
}

export function LoadingScreen() {
  return (
    <p className="fc-muted" role="status">
      {messages.loading}
    </p>
  );
}
