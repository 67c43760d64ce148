import type { Actor, Reply } from './actor.ts';
import type { Attack } from './attack.ts';
import { at } from './json.ts';
import { atOnce, fewAtATime, statuses } from './parallel.ts';
import { goodPassword, type Member, type Target } from './target.ts';
import { must, mustAnswer } from './verdict.ts';

/** Every way to set a password, as a request that would set this one. */
async function waysToSet(
  target: Target,
  member: Member,
): Promise<Record<string, (password: string) => Promise<Reply>>> {
  const challenge = await target.openRecovery(member.email);
  const code = await target.codeFor(member.email);
  return {
    'sign-up': (password) =>
      target.actor().post('/api/sign-up', { email: member.email, password, name: member.name }),
    recovery: (password) =>
      target.actor().post('/api/recovery/complete', { challenge, code, password }),
    'password change': (password) =>
      member.actor.post('/api/account/password', { current: member.password, next: password }),
    'operator claim': (password) =>
      target.actor().post('/api/operators/claim', {
        email: member.email,
        password,
        name: member.name,
        token: 'A'.repeat(43),
      }),
  };
}

const wrong = (index: number): string => `wrong password number ${index}`;

/** C: passwords, and guessing them. */
export const passwordAttacks: readonly Attack[] = [
  {
    id: 'C19',
    title: 'A password that is too short, by whatever way it is set',
    source: 'ASVS 6.2.1; NIST SP 800-63B-4 §3.1.1.2',
    async run(target) {
      const { json } = await target.actor().get('/api/deployment');
      const least = Number(at(json, 'deployment', 'passwordMinLength'));
      const member = await target.member();
      const short = [
        '',
        'x'.repeat(least - 1),
        '😀'.repeat(least - 1),
        'e\u0301'.repeat(Math.floor((least - 1) / 2)),
        'x'.repeat(257),
        '😀'.repeat(257),
        '\ud800'.repeat(least),
      ];
      for (const [way, set] of Object.entries(await waysToSet(target, member))) {
        for (const password of short.slice(way === 'recovery' ? 1 : 0))
          mustAnswer(
            await set(password),
            422,
            `A ${way} with ${[...password].length} characters, “${password.slice(0, 6)}…”`,
          );
      }
    },
  },
  {
    id: 'C20',
    title: 'A long or plain password that is refused, and then written down instead',
    source: 'ASVS 6.2.5, 6.2.9; NIST SP 800-63B-4 §3.1.1.2',
    async run(target) {
      const long = [
        'many words and spaces in a row that go on and on for sixty-four!',
        'onlylowercaseletters',
        'пароль из многих слов подряд',
        '😀😎🎈🌵🍞🧊🎻🧭🪐🛶🪁🧵🦉🐢🌂',
        '🦉'.repeat(255) + '🐢',
        ' starts and ends in spaces ',
      ];
      for (const password of long) {
        const { email } = await target.member({ password });
        mustAnswer(
          await target.signIn(target.actor(), email, password),
          200,
          `Signing in with ${[...password].length} characters, “${password.slice(0, 12)}…”`,
        );
      }
    },
  },
  {
    id: 'C21',
    title: 'The first 72 bytes of a password',
    source: 'ASVS 6.2.8; CVE-2025-22228',
    async run(target) {
      for (const [password, cuts] of [
        [
          '😀'.repeat(40),
          [
            '😀'.repeat(18) + 'junk of some length',
            '😀'.repeat(18),
            '😀'.repeat(39),
            '😀'.repeat(41),
          ],
        ],
        [
          `${'quiet rivers '.repeat(8)}end`,
          [
            `${'quiet rivers '.repeat(8)}and`,
            'quiet rivers '.repeat(8).slice(0, 72),
            `${'quiet rivers '.repeat(8)}end.`,
          ],
        ],
        ['a nul \u0000 is in the middle', ['a nul ', 'a nul \u0000 is in another one']],
      ] as const) {
        const { email } = await target.member({ password });
        for (const cut of cuts)
          mustAnswer(
            await target.signIn(target.actor(), email, cut),
            401,
            `“${cut.slice(0, 20)}…” for “${password.slice(0, 20)}…”`,
          );
        mustAnswer(await target.signIn(target.actor(), email, password), 200, 'The whole password');
      }
    },
  },
  {
    id: 'C22',
    title: 'A password that is nearly right',
    source: 'ASVS 6.2.8',
    async run(target) {
      const password = 'Großer Café im Hafen 47';
      const { email } = await target.member({ password });
      for (const near of [
        `${password} `,
        ` ${password}`,
        password.toLowerCase(),
        password.toUpperCase(),
        password.normalize('NFD'),
        password.replace('ß', 'ss'),
        `${password}\u0000`,
        `${password}\ud800`,
        password.replaceAll(' ', '\u00a0'),
      ]) {
        must(
          (await target.signIn(target.actor(), email, near)).status === 401,
          `${JSON.stringify(near)} passes for ${JSON.stringify(password)}.`,
        );
      }
    },
  },
  {
    id: 'C23',
    title: 'A common password, however it is set',
    source: 'ASVS 6.2.4, 6.2.11, 6.2.12; better-auth 1.6.17',
    async run(target) {
      const member = await target.member();
      const local = member.email.slice(0, member.email.indexOf('@'));
      const guessable = [
        '1qaz2wsx3edc4rfv',
        'Password Password',
        '123456789012345',
        'flowceptflowcept',
        'Flowcept-flowcept-1',
        member.email,
        `${local}-1`,
        'Ada Lovelace 2026',
        'qwertyuiopasdfghjkl',
        'passwordstandard',
      ];
      const ways = Object.entries(await waysToSet(target, member)).filter(
        ([way]) => way !== 'recovery',
      );
      for (const [way, set] of ways) {
        for (const password of guessable.slice(0, way === 'sign-up' ? 8 : 10))
          mustAnswer(await set(password), 422, `A ${way} with “${password}”`);
      }
      // A refused password takes one of the five attempts of its code (E209).
      for (const some of [guessable.slice(0, 4), guessable.slice(4, 8)]) {
        const { recovery } = await waysToSet(target, member);
        for (const password of some)
          mustAnswer(
            (await recovery?.(password)) ?? { status: 0, text: '' },
            422,
            `A recovery with “${password}”`,
          );
      }
    },
  },
  {
    id: 'C24',
    title: 'Another password from an unattended browser',
    source: 'ASVS 6.2.3, 7.4.3',
    async run(target) {
      const member = await target.member();
      const elsewhere = target.actor();
      await target.signIn(elsewhere, member.email, member.password);
      const before = member.actor.token;
      const next = 'a new horse for an old rider';
      for (const current of ['', 'not the current password', next])
        mustAnswer(
          await member.actor.post('/api/account/password', { current, next }),
          401,
          `A change with the current password “${current}”`,
        );
      mustAnswer(
        await member.actor.post('/api/account/password', { next }),
        422,
        'A change without the current password',
      );
      mustAnswer(
        await member.actor.post('/api/account/password', { current: member.password, next }),
        200,
        'A change with the current password',
      );
      must(
        member.actor.token !== before && (await target.whoIs(member.actor)) === member.id,
        'The browser that changed it has no new session.',
      );
      must(
        (await target.whoIs(elsewhere)) === null,
        'Another session lives on after the password was changed.',
      );
      const old = target.actor();
      old.cookies.set(target.isSecure ? '__Host-flowcept' : 'flowcept', before ?? '');
      must((await target.whoIs(old)) === null, 'The session from before the change lives on.');
      must(
        (await target.mailTo(member.email)).some(({ subject }) =>
          /password was changed/.test(subject),
        ),
        'Its owner was not told.',
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, member.password),
        401,
        'The old password',
      );
    },
  },
  {
    id: 'C25',
    title: 'Guessing one account’s password from many addresses',
    source: 'NIST SP 800-63B-4 §3.2.2; ASVS 6.3.1',
    async run(target) {
      const member = await target.member();
      const replies = await fewAtATime(
        Array.from({ length: 14 }, (_, index) => index),
        2,
        (index) => target.signIn(target.actor(), member.email, wrong(index)),
      );
      const compared = replies.filter(({ status }) => status === 401).length;
      must(compared <= 10, `${compared} wrong passwords were compared from as many addresses.`);
      const exhausted = await target.signIn(target.actor(), member.email, member.password);
      mustAnswer(
        exhausted,
        429,
        'The right password from a stranger’s browser while the account is guessed at',
      );
      const knownBrowser = target.actor();
      for (const [name, value] of member.actor.cookies)
        if (name.endsWith('-device')) knownBrowser.cookies.set(name, value);
      mustAnswer(
        await target.signIn(knownBrowser, member.email, member.password),
        200,
        'The right password from a browser that was there before',
      );
      mustAnswer(
        await target.signIn(target.actor(), member.email, wrong(99)),
        429,
        'A guess after its owner signed in',
      );
    },
  },
  {
    id: 'C26',
    title: 'One password against many accounts',
    source: 'ASVS 6.3.1',
    async run(target) {
      const sprayer = target.nextAddress();
      // An invalid address costs no hash, and must count all the same.
      await fewAtATime(
        Array.from({ length: 92 }, (_, index) => index),
        8,
        () => target.actor(sprayer).post('/api/sign-in', { email: 'x', password: 'x' }),
      );
      const replies = await fewAtATime(
        Array.from({ length: 12 }, (_, index) => index),
        4,
        () => target.signIn(target.actor(sprayer), target.newEmail(), goodPassword),
      );
      const compared = replies.filter(({ status }) => status === 401).length;
      must(compared <= 8, `${92 + compared} sign-ins from one address were looked at.`);
    },
  },
  {
    id: 'C27',
    title: 'A new address in a header for every try',
    source: 'ASVS 4.1.3, 15.3.4; better-auth 1.6.21',
    async run(target) {
      const actor = target.actor();
      const names = [
        'X-Forwarded-For',
        'X-Real-IP',
        'Forwarded',
        'CF-Connecting-IP',
        'True-Client-IP',
        'X-Client-IP',
        'X-Cluster-Client-IP',
        'Fastly-Client-IP',
        'X-Originating-IP',
      ];
      const replies = await fewAtATime(
        Array.from({ length: 36 }, (_, index) => index),
        6,
        (index) =>
          actor.post(
            '/api/account/undo',
            { token: 'x' },
            Object.fromEntries(
              names.map((name) => [
                name,
                name === 'Forwarded' ? `for=203.0.113.${index}` : `203.0.113.${index}`,
              ]),
            ),
          ),
      );
      must(
        replies.filter(({ status }) => status !== 429).length <= 30,
        `A limit by address was passed by headers: ${JSON.stringify(statuses(replies))}`,
      );
    },
  },
  {
    id: 'C28',
    title: 'Another spelling of a path that is limited',
    source: 'GHSA-x732-6j76-qmhm',
    async run(target) {
      const actor = target.actor();
      const exhaust = await fewAtATime(
        Array.from({ length: 31 }, (_, index) => index),
        6,
        () => actor.post('/api/account/undo', { token: 'x' }),
      );
      must(
        exhaust.some(({ status }) => status === 429),
        'The limit of this route was not met.',
      );
      const spellings = [
        '//api/account/undo',
        '/api//account/undo',
        '/api/account/undo/',
        '/API/account/undo',
        '/api/account/%75ndo',
        '/api/account/undo?x',
        '/./api/account/undo',
        '/api/x/../account/undo',
        '/api/account/undo%20',
        '/api/account/undo%00',
        '/api/account/undo;x',
        '/api\\account\\undo',
        '/api/account/undo#x',
        '/api%2faccount%2fundo',
        '/api/account/undo/.',
      ];
      for (const path of spellings)
        mustAnswer(
          await actor.post(path, { token: 'x' }),
          [404, 429, 400],
          `${path} after the limit was met`,
        );
    },
  },
  {
    id: 'C29',
    title: 'Operators and lists in place of text',
    source: 'ASVS 1.2.4, 15.3.5; CVE-2024-53900',
    async run(target) {
      const member = await target.member();
      const shapes: unknown[] = [
        { $gt: '' },
        { $ne: 1 },
        { $regex: '^v' },
        { $in: [member.email] },
        [member.email, 'x'],
        [],
        {},
        0,
        true,
        null,
        { toString: 'x' },
        { length: 30 },
      ];
      const bodies: [string, Record<string, unknown>][] = [
        ['/api/sign-in', { email: member.email, password: member.password }],
        ['/api/recovery', { email: member.email }],
        ['/api/recovery/complete', { challenge: 'x', code: '000000', password: goodPassword }],
        ['/api/account/undo', { token: 'x' }],
        [
          '/api/operators/claim',
          { token: 'x', email: member.email, password: goodPassword, name: 'Eve' },
        ],
        ['/api/sign-up', { email: member.email, password: goodPassword, name: 'Eve' }],
        ['/api/account/password', { current: member.password, next: goodPassword }],
        ['/api/session/confirm', { password: member.password }],
      ];
      for (const [path, body] of bodies) {
        const needsSession = /account\/password|confirm/.test(path);
        for (const field of Object.keys(body)) {
          await fewAtATime(shapes, 6, async (shape) => {
            const actor = needsSession ? member.actor : target.actor();
            const reply = await actor.post(path, { ...body, [field]: shape });
            must(
              reply.status === 422 && (needsSession || actor.token === undefined),
              `${path} with ${field} = ${JSON.stringify(shape)}: answered ${reply.status}.`,
            );
          });
        }
      }
      for (const form of ['email[$regex]=^v&password[$ne]=1', 'email[]=v&password=x']) {
        mustAnswer(
          await target
            .actor()
            .post('/api/sign-in', form, { 'Content-Type': 'application/x-www-form-urlencoded' }),
          415,
          'A form with operators',
        );
      }
    },
  },
  {
    id: 'C30',
    title: 'Signing in as another user in the same browser',
    source: 'ASVS 7.2.4',
    async run(target) {
      const first = await target.member();
      const second = await target.member();
      const stolen = target.actor();
      for (const [name, value] of first.actor.cookies) stolen.cookies.set(name, value);
      mustAnswer(
        await target.signIn(first.actor, second.email, second.password),
        200,
        'A sign-in while signed in',
      );
      must(
        (await target.whoIs(first.actor)) === second.id,
        'The browser is not the second person’s.',
      );
      must((await target.whoIs(stolen)) === null, 'The session from before lives on.');
      mustAnswer(
        await target.signIn(second.actor, second.email, 'not this password at all'),
        401,
        'A wrong password while signed in',
      );
      must(
        (await target.whoIs(second.actor)) === second.id,
        'A wrong password ended the session of a browser.',
      );
    },
  },
  {
    id: 'C201',
    title: 'Thirty guesses at the same instant',
    source: 'better-auth 1.6.17 (counting after comparing)',
    alone: true,
    async run(target) {
      const member = await target.member();
      const replies = await atOnce(30, (index) =>
        target.signIn(target.actor(), member.email, wrong(index)),
      );
      const compared = replies.filter(({ status }) => status === 401).length;
      must(
        compared <= 10,
        `${compared} wrong passwords were compared at once: ${JSON.stringify(statuses(replies))}`,
      );
    },
  },
  {
    id: 'C202',
    title: 'Guesses refunded by the attacker’s own sign-up for the victim’s address',
    source: 'our own: a budget that something else refills',
    async run(target) {
      const member = await target.member();
      const own = 'the sign-up of the attacker';
      await target.openSignUp(member.email, own);
      const compared = async (password: string): Promise<number> =>
        (await target.signIn(target.actor(), member.email, password)).status === 401 ? 1 : 0;
      let guesses = 0;
      for (let round = 0; round < 4; round += 1) {
        const tries = [own, wrong(round), own, wrong(round + 100), own, wrong(round + 200)];
        for (const count of await Promise.all(tries.map(compared))) guesses += count;
      }
      must(guesses <= 10, `${guesses} wrong passwords were compared where ten are allowed.`);
    },
  },
  {
    id: 'C203',
    title: 'Guessing the current password from a stolen session',
    source: 'ASVS 6.3.1, 7.5.1',
    async run(target) {
      const member = await target.member();
      const replies: Reply[] = [];
      const guess = async (path: string, body: Record<string, string>, actor: Actor) =>
        replies.push(await actor.post(path, body));
      for (let index = 0; index < 7; index += 1) {
        await guess('/api/session/confirm', { password: wrong(index) }, member.actor);
        await guess(
          '/api/account/password',
          { current: wrong(index + 50), next: 'another good long password' },
          member.actor,
        );
      }
      const compared = replies.filter(({ status }) => status === 401).length;
      must(compared <= 10, `${compared} wrong passwords of a signed-in person were compared.`);
      mustAnswer(
        await member.actor.post('/api/session/confirm', { password: member.password }),
        429,
        'The right password after ten wrong ones',
      );
    },
  },
  {
    id: 'C204',
    title: 'Two new passwords at the same instant',
    source: 'ASVS 2.3.4',
    async run(target) {
      const member = await target.member();
      const other = target.actor();
      await target.signIn(other, member.email, member.password);
      const wanted = ['the first of two new passwords', 'the second of two new passwords'] as const;
      const change = (actor: Actor, next: string) =>
        actor.send('POST', '/api/account/password', {
          body: { current: member.password, next },
          mayBeBusy: true,
        });
      const replies = await Promise.all([
        change(member.actor, wanted[0]),
        change(other, wanted[1]),
      ]);
      must(
        (statuses(replies)[200] ?? 0) === 1,
        `Two changes at once: ${JSON.stringify(statuses(replies))}`,
      );
      const works = await Promise.all(
        [...wanted, member.password].map(
          async (password) => (await target.signIn(target.actor(), member.email, password)).status,
        ),
      );
      must(
        works.filter((status) => status === 200).length === 1,
        `The two new passwords and the old one: ${works.join(', ')}.`,
      );
    },
  },
];
