import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ApiProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { ProblemCallout } from '../forms/problem-callout.tsx';
import { messages } from '../messages.ts';
import { AppLayout } from './app-layout.tsx';
import { Page } from './page.tsx';

/** Shown when a screen could not be loaded or rendered. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  const known = error instanceof ApiProblem;
  const again = known ? () => void router.invalidate() : () => window.location.reload();
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
