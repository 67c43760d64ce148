import { Link, getRouteApi } from '@tanstack/react-router';
import { messages } from '../messages.ts';
import { Accounts } from '../operators/accounts.tsx';
import { FactorRule } from '../operators/factor-rule.tsx';
import { Limits } from '../operators/limits.tsx';
import { Mail } from '../operators/mail.tsx';
import { AuditLog } from '../operators/record.tsx';
import { Settings } from '../operators/settings.tsx';
import { Page } from '../shell/page.tsx';

const t = messages.operators;
const route = getRouteApi('/operators');
const parts = ['accounts', 'limits', 'mail', 'factors', 'settings', 'audit-log'] as const;
const titles: Record<(typeof parts)[number], string> = {
  accounts: t.accounts.title,
  limits: t.limits.title,
  mail: t.mail.title,
  factors: t.factors.title,
  settings: t.settings.title,
  'audit-log': t.auditLog.title,
};

export function OperatorsScreen() {
  const { part, search, state } = route.useSearch();
  return (
    <Page title={t.title} lead={<p className="fc-muted">{t.lead}</p>}>
      <nav className="fc-sections" aria-label={t.nav}>
        {parts.map((name) => (
          <Link
            key={name}
            to="/operators"
            search={{ part: name }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {titles[name]}
          </Link>
        ))}
      </nav>
      {part === 'accounts' && <Accounts key={search} search={search ?? ''} />}
      {part === 'limits' && <Limits />}
      {part === 'mail' && <Mail key={state} state={state ?? 'queued'} />}
      {part === 'factors' && <FactorRule />}
      {part === 'settings' && <Settings />}
      {part === 'audit-log' && <AuditLog />}
    </Page>
  );
}
