import { getRouteApi } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { Devices } from '../devices/devices.tsx';
import { messages } from '../messages.ts';
import { SetupChecklist } from '../setup/setup-checklist.tsx';
import { Page } from '../shell/page.tsx';

const t = messages.home;
const route = getRouteApi('/home');

export function HomeScreen() {
  const { user } = route.useLoaderData();
  return (
    <Page
      title={t.title}
      heading={t.greeting(user.name)}
      lead={<Lead email={user.email} operator={user.operator} />}
    >
      {user.operator && <SetupChecklist />}
      <Devices />
      <section className="fc-card fc-stack">
        <h2>{t.security}</h2>
        <p>
          {t.securityText} {user.operator && t.securityOperator}
        </p>
        <LinkButton href="/security">{user.operator ? t.runChecks : t.openSecurity}</LinkButton>
      </section>
    </Page>
  );
}

function Lead({ email, operator }: { email: string; operator: boolean }) {
  return (
    <p className="fc-row fc-muted">
      <span>{t.signedInAs(email)}</span>
      {operator && <Badge accent>{t.operator}</Badge>}
    </p>
  );
}
