import type { Actor, Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { withApp, withPasskey } from './enrol.ts';
import { at, textAt } from './json.ts';
import { atOnce, statuses } from './parallel.ts';
import type { Member, Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

const next = 'a new password, made by its owner';

/** The tokens of all links that were sent to this address, newest first. */
async function linksTo(target: Target, email: string): Promise<string[]> {
  return (await target.mailTo(email)).flatMap(
    ({ text }) => /\/undo#token=([\w-]+)/.exec(text)?.[1] ?? [],
  );
}

function use(target: Target, token: string | undefined) {
  return target
    .actor()
    .send('POST', '/api/account/undo', { body: { token: token ?? '' }, mayBeBusy: true });
}

async function move(target: Target, actor: Actor, to: string): Promise<void> {
  const asked = await actor.post('/api/account/email', { email: to });
  mustAnswer(asked, 202, 'A code for another address');
  mustAnswer(
    await actor.post(`/api/challenges/${textAt(asked.json, 'challenge', 'id')}/verify`, {
      code: await target.codeFor(to),
    }),
    200,
    'The code of another address',
  );
}

interface Taken {
  owner: Member;
  intruder: Actor;
  /** The intruder’s mailboxes, in the order in which they became the account’s. */
  mailboxes: [string, string];
}

/**
 * An account whose intruder knows the password and has changed its email address twice, so that one
 * link went to a mailbox of the intruder.
 */
async function takenOver(target: Target): Promise<Taken> {
  const owner = await target.member();
  const intruder = target.actor();
  mustAnswer(
    await target.signIn(intruder, owner.email, owner.password),
    200,
    'The intruder’s sign-in',
  );
  const mailboxes: [string, string] = [target.newEmail('intruder'), target.newEmail('intruder')];
  for (const mailbox of mailboxes) await move(target, intruder, mailbox);
  return { owner, intruder, mailboxes };
}

/**
 * Asserts that only the owner’s mailbox belongs to the account, and that it has no factor of the
 * intruder.
 */
async function mustBeTheOwners(target: Target, { email, id }: Member): Promise<void> {
  const challenge = await target.openRecovery(email);
  const code = await target.codeFor(email).catch(() => '');
  must(code !== '', 'The owner’s mailbox gets no code for the account.');
  mustAnswer(
    await target.actor().post('/api/recovery/complete', { challenge, code, password: next }),
    200,
    'The owner’s recovery',
  );
  const back = await target.signIn(target.actor(), email, next);
  mustAnswer(back, 200, 'The owner’s sign-in');
  must(at(back.json, 'user', 'id') === id, `The owner does not get in: ${back.text.slice(0, 200)}`);
}

function mustRestore(reply: Reply, address: 'restored' | 'taken', what: string): void {
  mustAnswer(reply, 200, what);
  must(textAt(reply.json, 'address') === address, `${what}: ${reply.text.slice(0, 200)}`);
}

interface Squatted extends Taken {
  /** The second account, which has the owner’s address. */
  squat: Member;
  /** The owner’s oldest link. */
  link: string | undefined;
}

/** The same with a second account at the address that the owner’s link restores. */
async function squatted(target: Target): Promise<Squatted> {
  const taken = await takenOver(target);
  const link = (await linksTo(target, taken.owner.email)).at(-1);
  return {
    ...taken,
    link,
    squat: await target.member({ email: taken.owner.email, password: next }),
  };
}

/**
 * The owner’s link takes everything from the intruder but the address itself, and the intruder’s
 * link gives no access.
 */
async function mustContain(
  target: Target,
  { owner, intruder, mailboxes: [, mailbox], link }: Squatted,
): Promise<void> {
  mustRestore(
    await use(target, link),
    'taken',
    'The owner’s link, while another account has the address',
  );
  must((await target.whoIs(intruder)) === null, 'The intruder is still signed in.');
  mustAnswer(
    await target.signIn(target.actor(), mailbox, owner.password),
    401,
    'The intruder’s sign-in, after the undo',
  );
  const challenge = await target.openRecovery(mailbox);
  const code = await target.codeFor(mailbox);
  const recovered = await target
    .actor()
    .post('/api/recovery/complete', { challenge, code, password: next });
  must(
    recovered.status !== 200,
    'The intruder recovers the account by the address that it was moved to.',
  );
}

/** “This wasn’t me” against an intruder who has such links, too. */
export const undoAttacks: readonly Attack[] = [
  {
    id: 'E210',
    title: 'Taking the account back by a link that was mailed to the intruder',
    source: 'our own: a link that outlives the owner’s undo',
    async run(target) {
      const { owner, mailboxes } = await takenOver(target);
      const [newest, ...older] = await linksTo(target, owner.email);
      mustAnswer(await use(target, newest), 200, 'The owner’s link');
      for (const token of [...(await linksTo(target, mailboxes[0])), ...older])
        mustAnswer(
          await use(target, token),
          410,
          'Another link of the account, after one was used',
        );
      await mustBeTheOwners(target, owner);
      for (const address of [owner.email, ...mailboxes]) {
        must(
          (await target.mailTo(address)).some(({ subject }) =>
            /“This wasn’t me” link was used/.test(subject),
          ),
          `${address} was not told that the link was used.`,
        );
      }
    },
  },
  {
    id: 'E211',
    title: 'What is left when the owner uses the link of another notice',
    source: 'our own: an undo that reverts what its own notice told of',
    async run(target) {
      for (const which of ['newest', 'oldest'] as const) {
        const owner = await target.member();
        const intruder = target.actor();
        await target.signIn(intruder, owner.email, owner.password);
        await withApp(target, { ...owner, actor: intruder });
        mustAnswer(
          await intruder.post('/api/factors/recovery-codes'),
          201,
          'Recovery codes of the intruder',
        );
        await move(target, intruder, target.newEmail('intruder'));
        const links = await linksTo(target, owner.email);
        mustAnswer(
          await use(target, links.at(which === 'newest' ? 0 : -1)),
          200,
          `The ${which} link`,
        );
        await mustBeTheOwners(target, owner);
      }
    },
  },
  {
    id: 'E212',
    title: 'Links of the owner and of the intruder, used at the same instant',
    source: 'our own: a race between two undos; ASVS 2.3.4',
    async run(target) {
      const { owner, mailboxes } = await takenOver(target);
      const tokens = [
        ...(await linksTo(target, mailboxes[0])),
        ...(await linksTo(target, owner.email)),
      ];
      const replies = await atOnce(8, (index) => use(target, tokens[index % tokens.length]));
      must(
        statuses(replies)[200] === 1,
        `Links of one account, eight times at once: ${JSON.stringify(statuses(replies))}`,
      );
      await mustBeTheOwners(target, owner);
    },
  },
  {
    id: 'E213',
    title: 'An undo by the intruder, so that the owner’s links stop working',
    source: 'our own: which address an undo restores',
    async run(target) {
      const { owner, mailboxes } = await takenOver(target);
      mustAnswer(
        await use(target, (await linksTo(target, mailboxes[0]))[0]),
        200,
        'The intruder’s own link',
      );
      await mustBeTheOwners(target, owner);
    },
  },
  {
    id: 'E214',
    title: 'Waiting with a link until the owner’s have expired',
    source:
      'our own: the owner changes the address back without an undo, and the intruder was told of that with a link',
    async run(target) {
      const owner = await target.member();
      const intruder = target.actor();
      await target.signIn(intruder, owner.email, owner.password);
      const mailbox = target.newEmail('intruder');
      await move(target, intruder, mailbox);
      await move(target, owner.actor, owner.email);
      for (const token of await linksTo(target, mailbox))
        mustAnswer(
          await use(target, token),
          410,
          'A link of the address that the owner left again',
        );
      mustAnswer(
        await use(target, (await linksTo(target, owner.email))[0]),
        200,
        'The owner’s link',
      );
      await mustBeTheOwners(target, owner);
    },
  },
  {
    id: 'E216',
    title: 'Keeping an account by a second one at the address that the owner’s link restores',
    source:
      'our own: an undo that does nothing, or all but the address, while another account has that',
    async run(target) {
      const taken = await squatted(target);
      await mustContain(target, taken);
      await move(target, taken.squat.actor, target.newEmail('squat'));
      mustRestore(
        await use(target, taken.link),
        'restored',
        'The link again, once the address is free',
      );
      await mustBeTheOwners(target, taken.owner);
    },
  },
  {
    id: 'E217',
    title:
      'The same by a second account that is closing, whose address stays taken for longer than a link is valid',
    source: 'our own: fourteen days until an account is erased, seven of a link',
    async run(target) {
      const taken = await squatted(target);
      mustAnswer(
        await taken.squat.actor.send('DELETE', '/api/account'),
        202,
        'Closing the second account',
      );
      await mustContain(target, taken);
      mustRestore(
        await use(target, taken.link),
        'taken',
        'The link again, while the second account is closing',
      );
    },
  },
  {
    id: 'E218',
    title: 'Burying the notice that matters under many others',
    source: 'our own: 260 notices in four seconds',
    async run(target) {
      const owner = await target.member();
      const before = (await target.mailTo(owner.email)).length;
      const intruder = { ...owner, actor: target.actor() };
      for (let times = 0; times < 12; times += 1) {
        intruder.actor = target.actor();
        mustAnswer(
          await target.signIn(intruder.actor, owner.email, owner.password),
          200,
          'The intruder’s sign-in',
        );
      }
      for (let times = 0; times < 12; times += 1) {
        const { factorId } = await withPasskey(target, intruder);
        mustAnswer(
          await intruder.actor.send('DELETE', `/api/factors/${factorId}`),
          204,
          'The removal of a passkey',
        );
      }
      await withPasskey(target, intruder);
      const mails = await target.mailTo(owner.email);
      must(mails.length - before <= 3 * 5, `${mails.length - before} notices were sent.`);
      must(
        mails.filter(({ text }) => text.includes('several times within an hour')).length === 3,
        'The last of the notices do not say that they are.',
      );
      const links = await linksTo(target, owner.email);
      mustAnswer(await use(target, links.at(-1)), 200, 'The first link');
      await mustBeTheOwners(target, owner);
    },
  },
];
