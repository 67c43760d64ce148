import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { AccountSecurity } from '../account/account-security.tsx';
import { ChangeEmail } from '../account/change-email.tsx';
import { ConnectedProviders } from '../account/connected-providers.tsx';
import { Leaving } from '../account/delete-account.tsx';
import { ChangePassword } from '../account/password-form.tsx';
import { ProfileForm } from '../account/profile-form.tsx';
import { SetPassword } from '../account/set-password.tsx';
import { Factors } from '../factors/factors.tsx';
import { messages } from '../messages.ts';
import { connectedQuery, sessionQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';

const t = messages.account;
const route = getRouteApi('/account');

export function AccountScreen() {
  const atLoad = route.useLoaderData();
  const { user } = useQuery(sessionQuery).data ?? atLoad;
  return (
    <Page title={t.title} lead={<p className="fc-muted">{messages.home.signedInAs(user.email)}</p>}>
      <AccountSecurity />
      <ProfileForm user={user} />
      <Password email={user.email} />
      <Factors />
      <ConnectedProviders />
      <ChangeEmail />
      <Leaving />
    </Page>
  );
}

/** A user who signs in with a provider has no password to change, and can set one. */
function Password({ email }: { email: string }) {
  const connected = useQuery(connectedQuery);
  return connected.data?.hasPassword === false ? (
    <SetPassword email={email} />
  ) : (
    <ChangePassword email={email} />
  );
}
