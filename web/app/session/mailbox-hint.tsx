import { useSuspenseQuery } from '@tanstack/react-query';
import { Icon } from '../../ui/icon.tsx';
import { messages } from '../messages.ts';
import { deploymentQuery } from '../queries.ts';

const t = messages.checkMail;

/** In sandbox mode, links to the mailbox. */
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
        {t.sandbox} <Icon name="outside" />
        <span className="fc-hidden"> ({messages.newTab})</span>
      </a>
    </p>
  );
}
