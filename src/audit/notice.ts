import { undoDays } from '../api/durations.ts';
import { addMs, day, hour } from '../clock.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import type { Message } from '../mail/layout.ts';
import type { NoticeContext } from '../mail/notice-parts.ts';
import type { SecurityEvent } from '../records.ts';
import type { Services } from '../services.ts';
import type { Notice } from '../store/port/events.ts';

const undoableFor = undoDays * day;

/**
 * How many notices of one action an address receives within an hour. The last one says that it is. An intruder who makes
 * many changes cannot bury the notice that matters, and the links that were sent before undo the later changes, too.
 */
const noticesPerHour = 5;

interface Told {
  event: SecurityEvent;
  to: string;
  message: (happened: SecurityEvent, context: NoticeContext) => Message;
}

/** Creates the email that notifies the account owner of a change and contains the undo link. ASVS 6.3.7. */
export function noticeOf(
  { clock, config, mailer }: Pick<Services, 'clock' | 'config' | 'mailer'>,
  { event, to, message }: Told,
): Notice {
  const token = newToken();
  const expiresAt = addMs(clock.now(), undoableFor);
  const undo = `${config.origin}/undo#token=${token}`;
  const mailWith = (isLast: boolean) =>
    mailer.compose({
      to,
      message: message(event, { origin: config.origin, undo, isLast }),
      challengeId: null,
      expiresAt,
    });
  return {
    event,
    mail: mailWith(false),
    limit: { most: noticesPerHour, since: addMs(event.at, -hour), lastMail: mailWith(true) },
    undo: { tokenHash: hashToken(token), accountId: event.accountId, since: event.at, expiresAt },
  };
}
