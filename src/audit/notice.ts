import { undoDays } from '../api/durations.ts';
import { addMs, day } from '../clock.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import type { Message } from '../mail/layout.ts';
import type { SecurityEvent } from '../records.ts';
import type { Services } from '../services.ts';
import type { Notice } from '../store/port/events.ts';

const undoableFor = undoDays * day;

interface NoticeLinks {
  origin: string;
  /**
   * Link for reporting “This wasn’t me”. The token is in the URL fragment, which browsers send to no server, so it
   * appears in no log.
   */
  undo: string;
}

interface Told {
  event: SecurityEvent;
  to: string;
  message: (happened: SecurityEvent, links: NoticeLinks) => Message;
}

/** Creates the email that notifies the account owner of a change and contains the undo link. ASVS 6.3.7. */
export function noticeOf(
  { clock, config, mailer }: Pick<Services, 'clock' | 'config' | 'mailer'>,
  { event, to, message }: Told,
): Notice {
  const token = newToken();
  const expiresAt = addMs(clock.now(), undoableFor);
  const links = { origin: config.origin, undo: `${config.origin}/undo#token=${token}` };
  return {
    event,
    mail: mailer.compose({ to, message: message(event, links), challengeId: null, expiresAt }),
    undo: { tokenHash: hashToken(token), accountId: event.accountId, since: event.at, expiresAt },
  };
}
