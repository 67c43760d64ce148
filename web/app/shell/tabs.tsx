import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { messages } from '../messages.ts';

interface Tab {
  to: '/home' | '/account' | '/activity';
  icon: IconName;
  label: string;
}

const tabs: readonly Tab[] = [
  { to: '/home', icon: 'home', label: messages.nav.home },
  { to: '/account', icon: 'person', label: messages.nav.account },
  { to: '/activity', icon: 'list', label: messages.nav.activity },
];

/** The screens of a signed-in user: in the header, or at the bottom of a phone. */
export function Tabs() {
  return (
    <div className="fc-tabs">
      {tabs.map(({ to, icon, label }) => (
        <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
          <Icon name={icon} />
          {label}
        </Link>
      ))}
    </div>
  );
}
