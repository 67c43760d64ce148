import { useSuspenseQuery } from '@tanstack/react-query';
import { Icon } from '../../ui/icon.tsx';
import { words } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';

const say = words.checkMail;

/** In practice mode the mail is one click away. */
export function MailboxHint({ address }: { address: string }) {
  const { practice } = useSuspenseQuery(deploymentQuery).data;
  if (!practice.includes('mail')) return null;
  return (
    <p>
      <a
        className="fc-target"
        href={`/practice/mailbox?to=${encodeURIComponent(address)}`}
        target="_blank"
        rel="noopener"
      >
        {say.practice} <Icon name="outside" />
        <span className="fc-hidden"> ({words.newTab})</span>
      </a>
    </p>
  );
}
