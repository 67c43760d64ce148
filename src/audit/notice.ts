import { undoDays } from '../api/durations.ts';
import { addMs } from '../clock.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import type { Message } from '../mail/layout.ts';
import type { SecurityEvent } from '../records.ts';
import type { Services } from '../services.ts';
import type { Notice } from '../store/port/events.ts';

const day = 24 * 60 * 60_000;
const undoableFor = undoDays * day;

interface NoticeLinks {
  origin: string;
  /** Where the owner says that it was not them. The token stands in the fragment: no server and no log ever sees it. */
  undo: string;
}

interface Told {
  event: SecurityEvent;
  to: string;
  message: (happened: SecurityEvent, links: NoticeLinks) => Message;
}

/** What its owner is told of a change, with the way to undo it. ASVS 6.3.7. */
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
