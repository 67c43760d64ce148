import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor, wrongCode } from '../../test/visitor.ts';

const next = 'a slow boat crosses the lake';
/** Without the words of this name, fewer than eight code points of the password remain. */
const name = 'Wilhelmina Featherstonehaugh';
const madeOfName = 'wilhelmina featherstonehaugh';

onBothStores('a guess that was compared is counted, whatever fails afterwards', (database) => {
  const deployment = deployed(database);
  let made = 0;

  async function recovering(of = deployment) {
    const email = `guessed${(made += 1)}@example.org`;
    const visitor = of().visitor();
    await visitor.join(email, goodPassword, name);
    const stranger = of().visitor();
    const { body } = await stranger.post('/api/recovery', { email });
    const complete = (code: string, password: string) =>
      stranger.post('/api/recovery/complete', { challenge: body.challenge.id, code, password });
    return { email, visitor, code: await stranger.codeFor(email), complete };
  }
  const said = ({ status, body }: Awaited<ReturnType<Visitor['post']>>) => [
    status,
    body.type,
    body.attemptsLeft,
  ];

  it('the right recovery code with a rejected password takes an attempt each time', async () => {
    const { code, complete } = await recovering();
    for (let turn = 0; turn < 5; turn += 1)
      expect((await complete(code, madeOfName)).body).toMatchObject({
        type: '/problems/invalid-fields',
        errors: [{ path: 'password' }],
      });
    expect(said(await complete(code, next))).toEqual([410, '/problems/challenge-over', undefined]);
  });

  it('the account owner can correct a rejected password within the five attempts', async () => {
    const { email, code, complete } = await recovering();
    for (const refused of [
      madeOfName,
      'flowcept flowcept',
      `${email} ${email}`,
      '1qaz2wsx3edc4rfv',
    ])
      expect((await complete(code, refused)).status, refused).toBe(422);
    expect((await complete(code, next)).status).toBe(200);
  });

  it('a wrong recovery code is reported as such, and the answer does not mention the password', async () => {
    const { code, complete } = await recovering();
    const answers = [];
    for (const password of [madeOfName, 'flowcept flowcept', '1qaz2wsx3edc4rfv', next, next])
      answers.push(said(await complete(wrongCode(code), password)));
    expect(answers).toEqual([4, 3, 2, 1, 0].map((left) => [422, '/problems/wrong-code', left]));
    expect((await complete(code, next)).status).toBe(410);
  });

  describe('while hashing takes long', () => {
    const slow = deployed(database, { BCRYPT_COST: '12' });
    /** Keeps the hash queue full. */
    function fillHashQueue(): { stop(): Promise<unknown> } {
      const { passwords } = slow().services;
      let isOn = true;
      const hashing = Array.from({ length: 60 }, async (_, n) => {
        while (isOn)
          await passwords
            .of(`network ${n}`)
            .hash(next)
            .catch(() => new Promise((resolve) => setTimeout(resolve, 5)));
      });
      return {
        stop() {
          isOn = false;
          return Promise.all(hashing);
        },
      };
    }

    it('a full hash queue gives no attempt back', async () => {
      const { code, complete } = await recovering(slow);
      const { stop } = fillHashQueue();
      const answers = [];
      for (let turn = 0; turn < 4; turn += 1)
        answers.push((await complete(wrongCode(code), next)).body.type);
      const busy = await complete(code, next);
      await stop();
      expect(answers).toEqual(Array.from({ length: 4 }, () => '/problems/wrong-code'));
      expect(busy.status).toBe(503);
      expect((await complete(code, next)).status, 'five were compared').toBe(410);
    });
  });

  it('a second factor takes an attempt before it is compared, so five is the maximum, also concurrently', async () => {
    const { email, visitor } = await recovering();
    const { body } = await visitor.post('/api/factors/totp');
    const secret = body.secret as string;
    const codeNow = () =>
      generateSync({ secret, epoch: Math.floor(deployment().clock.now().getTime() / 1_000) });
    await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code: codeNow() });
    deployment().clock.move(30_000);
    const stranger = deployment().visitor();
    const half = await stranger.post('/api/sign-in', { email, password: goodPassword });
    const guess = (code: string) =>
      stranger.post('/api/sign-in/second-factor', {
        challenge: half.body.challenge.id,
        method: 'totp',
        code,
      });
    const answers = await Promise.all(Array.from({ length: 8 }, () => guess(wrongCode(codeNow()))));
    expect(answers.flatMap(({ body: { attemptsLeft } }) => attemptsLeft ?? []).toSorted()).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect((await guess(codeNow())).body.type).toBe('/problems/challenge-over');
    const again = await stranger.post('/api/sign-in', { email, password: goodPassword });
    const last = (code: string) =>
      stranger.post('/api/sign-in/second-factor', {
        challenge: again.body.challenge.id,
        method: 'totp',
        code,
      });
    deployment().clock.move(15 * 60_000);
    expect((await last(codeNow())).status, 'expired').toBe(410);
  });
});
