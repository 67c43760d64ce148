import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Factors } from '../factors/factors.tsx';
import { messages } from '../messages.ts';
import { factorsQuery } from '../queries.ts';
import { useArrive } from '../session/use-arrive.ts';
import { Page } from '../shell/page.tsx';

const t = messages.addFactor;
const route = getRouteApi('/add-factor');

/**
 * Guides a user for whom enrolment is required through adding a second factor, and offers nothing
 * else.
 */
export function AddFactorScreen() {
  const { to } = route.useSearch();
  const queryClient = useQueryClient();
  const arrive = useArrive();
  async function goOn() {
    const { items } = await queryClient.ensureQueryData(factorsQuery);
    if (items.length > 0) await arrive(to ?? null);
  }
  return (
    <Page title={t.title} lead={<p>{t.lead}</p>} narrow>
      <Factors onAdded={() => void goOn()} />
      <p className="fc-aside">
        {t.meanwhile} <Link to="/account">{t.account}</Link>
      </p>
    </Page>
  );
}
