import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { AccountSecurity } from '../account-security.tsx';
import { Page } from '../page.tsx';
import { ChangePassword } from '../password-form.tsx';
import { ProfileForm } from '../profile-form.tsx';
import { sessionQuery } from '../queries.ts';
import { words } from '../words.ts';

const say = words.account;
const route = getRouteApi('/account');

export function AccountScreen() {
  const atLoad = route.useLoaderData();
  const { user } = useQuery(sessionQuery).data ?? atLoad;
  return (
    <Page title={say.title} lead={<p className="fc-muted">{words.home.signedInAs(user.email)}</p>}>
      <AccountSecurity />
      <ProfileForm user={user} />
      <ChangePassword email={user.email} />
    </Page>
  );
}
