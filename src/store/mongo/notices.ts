import type { ClientSession } from 'mongoose';
import type { Notice } from '../port.ts';
import { documentVersion } from './documents.ts';
import { insertMail } from './mail.ts';
import type { Models } from './models.ts';

/** Queues the mail, and keeps the undo that it carries. */
export async function keepNotice(models: Models, { mail, undo }: Omit<Notice, 'event'>, session: ClientSession): Promise<void> {
  const { tokenHash, ...rest } = undo;
  await insertMail(models, mail, session);
  await models.undos.create([{ _id: tokenHash, v: documentVersion, ...rest }], { session });
}
