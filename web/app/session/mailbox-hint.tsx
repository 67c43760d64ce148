import { useSuspenseQuery } from '@tanstack/react-query';
import { Icon } from '../../ui/icon.tsx';
import { words } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';

const say = words.checkMail;

/** In sandbox mode the mail is one click away. */
export function MailboxHint({ address }: { address: string }) {
  const { sandbox } = useSuspenseQuery(deploymentQuery).data;
  if (!sandbox.includes('mail')) return null;
  return (
    <p>
      <a
        className="fc-target"
        href={`/sandbox/mailbox?to=${encodeURIComponent(address)}`}
        target="_blank"
        rel="noopener"
      >
        {say.sandbox} <Icon name="outside" />
        <span className="fc-hidden"> ({words.newTab})</span>
      </a>
    </p>
  );
}
