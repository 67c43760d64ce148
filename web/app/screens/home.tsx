import { getRouteApi } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { Devices } from '../devices/devices.tsx';
import { words } from '../messages.ts';
import { SetupChecklist } from '../setup/setup-checklist.tsx';
import { Page } from '../shell/page.tsx';

const say = words.home;
const route = getRouteApi('/home');

export function HomeScreen() {
  const { user } = route.useLoaderData();
  return (
    <Page
      title={say.title}
      heading={say.greeting(user.name)}
      lead={<Lead email={user.email} operator={user.operator} />}
    >
      {user.operator && <SetupChecklist />}
      <Devices />
      <section className="fc-card fc-stack">
        <h2>{say.security}</h2>
        <p>
          {say.securityText} {user.operator && say.securityOperator}
        </p>
        <LinkButton href="/security">{user.operator ? say.runChecks : say.openSecurity}</LinkButton>
      </section>
    </Page>
  );
}

function Lead({ email, operator }: { email: string; operator: boolean }) {
  return (
    <p className="fc-row fc-muted">
      <span>{say.signedInAs(email)}</span>
      {operator && <Badge accent>{say.operator}</Badge>}
    </p>
  );
}
