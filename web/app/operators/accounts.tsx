import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import { z } from 'zod/mini';
import { userAnswer } from '../../../src/api/accounts.ts';
import type { AccountItem } from '../../../src/api/operators.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { useAsking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { sessionQuery } from '../queries.ts';
import { accountsQuery } from './queries.ts';
import { More, Section } from './section.tsx';

const t = messages.operators.accounts;

export function Accounts({ search }: { search: string }) {
  const accounts = useInfiniteQuery(accountsQuery(search));
  const own = useQuery(sessionQuery).data?.user.id;
  const acts = useActs(own);
  const asking = useAsking();
  const now = new Date();
  const found = accounts.data?.pages.flatMap(({ items }) => items);
  const rows = found?.map((account) => ({
    id: account.id,
    cells: {
      account: <Who account={account} own={account.id === own} />,
      since: <Time at={account.createdAt} now={now} />,
      lastUsed:
        account.lastUsedAt === null ? t.notSignedIn : <Time at={account.lastUsedAt} now={now} />,
      sessions: account.sessions,
      acts: <Acts account={account} acts={acts} ask={asking.ask} />,
    },
  }));
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={search === '' ? t.none : t.notFound(search)}
      tools={<Search search={search} />}
      query={accounts}
      count={rows?.length}
      asking={asking}
    >
      <DataTable label={t.title} columns={t.columns} rows={rows ?? []} />
      <More query={accounts} />
    </Section>
  );
}

function Search({ search }: { search: string }) {
  const navigate = useNavigate();
  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = z.string().parse(new FormData(event.currentTarget).get('search')).trim();
    void navigate({
      to: '/operators',
      search: { part: 'accounts', ...(typed !== '' && { search: typed }) },
    });
  }
  return (
    <form className="fc-search" role="search" onSubmit={onSubmit}>
      <Field label={t.search}>
        {(wiring) => (
          <Input
            {...wiring}
            key={search}
            name="search"
            type="search"
            maxLength={100}
            defaultValue={search}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <Button type="submit">{t.find}</Button>
    </form>
  );
}

function Who({ account: { name, email, operator }, own }: { account: AccountItem; own: boolean }) {
  return (
    <>
      <span className="fc-row">
        <span>{email}</span>
        {operator && <Badge accent>{t.operator}</Badge>}
        {own && <Badge>{t.you}</Badge>}
      </span>
      <span className="fc-muted">{name}</span>
    </>
  );
}

interface ActsProps {
  account: AccountItem;
  acts: ReturnType<typeof useActs>;
  ask: (act: Act) => void;
}

function Acts({ account, acts, ask }: ActsProps) {
  return (
    <div className="fc-acts">
      <Button look="quiet" onPress={() => ask(acts.setOperator(account))}>
        {account.operator ? t.remove : t.grant}
        <Of account={account} />
      </Button>
      {account.sessions > 0 && (
        <Button look="quiet" onPress={() => ask(acts.signOut(account))}>
          {t.signOut}
          <Of account={account} />
        </Button>
      )}
    </div>
  );
}

/** Names the account, for users who hear the buttons out of context. */
function Of({ account }: { account: AccountItem }) {
  return <span className="fc-hidden">: {account.email}</span>;
}

function useActs(own: string | undefined) {
  const queryClient = useQueryClient();
  const router = useRouter();
  /**
   * An operator who changed their own account may be signed out, or may no longer see this screen.
   */
  const afterwards = async (id: string) => {
    if (id !== own) return;
    const session = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (session && !session.user.operator) await router.navigate({ to: '/home' });
  };
  return {
    setOperator: ({ id, email, operator }: AccountItem): Act => ({
      title: operator ? t.removeTitle(email) : t.grantTitle(email),
      text: operator ? t.removeText(id === own) : t.grantText,
      submit: operator ? t.remove : t.grant,
      danger: operator,
      run: async () => {
        await call({
          method: 'PATCH',
          path: `/api/operator/accounts/${encodeURIComponent(id)}`,
          body: { operator: !operator },
          answer: userAnswer,
        });
        await afterwards(id);
      },
      done: operator ? t.removed(email) : t.granted(email),
    }),
    signOut: ({ id, email, sessions }: AccountItem): Act => ({
      title: t.signOutTitle(email),
      text: t.signOutText(sessions, id === own),
      submit: t.signOut,
      danger: true,
      run: async () => {
        await call({
          method: 'DELETE',
          path: `/api/operator/accounts/${encodeURIComponent(id)}/sessions`,
          answer: noAnswer,
        });
        await afterwards(id);
      },
      done: t.signedOut(email),
    }),
  };
}
