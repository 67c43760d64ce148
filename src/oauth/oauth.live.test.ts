import { generateSync } from 'otplib';
import { expect, it, onTestFinished } from 'vitest';
import { agree, goThrough, problemOf, setOut } from '../../test/at-provider.ts';
import { deploy, deployed } from '../../test/deployment.ts';
import { type MakeDatabase, onBothStores } from '../../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../../test/visitor.ts';
import { minute } from '../clock.ts';

const names = ['google', 'github'] as const;

onBothStores('signing in with Google and GitHub', (database) => {
  const { deployment, newEmail, userOf, member, arrival } = people(database, 'oauth');
  const connected = async (visitor: Visitor) => (await visitor.get('/api/account/providers')).body;
  const subjects = async (email: string) => {
    const { body } = await deployment()
      .visitor()
      .get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, { Accept: 'application/json' });
    return body.items.map(({ subject }: { subject: string }) => subject);
  };

  for (const provider of names) {
    it(`creates an account for a new user of ${provider}, and finds it the next time`, async () => {
      const { visitor, email, answer } = await arrival(provider);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/home']);
      const user = await userOf(visitor);
      expect(user).toMatchObject({ email, name: 'Ada', operator: false });
      expect((await visitor.get('/api/sessions')).body.items[0]).toMatchObject({
        method: provider,
      });
      const again = deployment().visitor();
      await goThrough(again, provider, { email });
      expect((await userOf(again)).id).toBe(user.id);
      expect(await connected(again)).toMatchObject({
        items: [{ provider, email }],
        hasPassword: false,
      });
      expect(await subjects(email)).toEqual(['Flowcept: A new device signed in to your account']);
    });

    it(`asks ${provider} for the least, with a state, PKCE and the exact way back`, async () => {
      const visitor = deployment().visitor();
      const { searchParams: query } = await setOut(visitor, provider);
      const scope = { google: 'openid email profile', github: 'read:user user:email' }[provider];
      const expected = {
        client_id: 'sandbox',
        response_type: 'code',
        scope,
        code_challenge_method: 'S256',
        redirect_uri: `${deployment().config.origin}/api/sign-in/${provider}/callback`,
      };
      expect(Object.fromEntries(query)).toMatchObject(expected);
      for (const name of ['state', 'code_challenge', ...(provider === 'google' ? ['nonce'] : [])])
        expect(query.get(name), name).toMatch(/^[\w-]{43}$/);
      expect((await setOut(visitor, provider)).searchParams.get('state')).not.toBe(
        query.get('state'),
      );
      expect([...query.keys()]).not.toContain('client_secret');
    });

    it(`connects ${provider} to the account of the signed-in user, tells them, and disconnects it again`, async () => {
      const { visitor, email } = await member();
      const there = newEmail();
      const answer = await goThrough(visitor, provider, { email: there }, { purpose: 'connect' });
      expect(answer.headers.get('location')).toBe('/account');
      expect((await connected(visitor)).items).toMatchObject([{ provider, email: there }]);
      const elsewhere = deployment().visitor();
      await goThrough(elsewhere, provider, { email: there });
      expect((await userOf(elsewhere)).email).toBe(email);
      expect((await visitor.delete(`/api/account/providers/${provider}`)).status).toBe(204);
      expect((await elsewhere.get('/api/session')).status).toBe(401);
      expect((await visitor.get('/api/session')).status).toBe(200);
      const name = { google: 'Google', github: 'GitHub' }[provider];
      expect(await subjects(email)).toEqual(
        expect.arrayContaining([
          `Flowcept: ${name} was connected to your account`,
          `Flowcept: ${name} was disconnected from your account`,
        ]),
      );
      expect((await visitor.delete(`/api/account/providers/${provider}`)).status).toBe(404);
      expect((await arrival(provider, there)).answer.headers.get('location')).toBe('/home');
    });
  }

  it('marks the browser with a cookie of its own for ten minutes, and removes it afterwards', async () => {
    const visitor = deployment().visitor();
    const { headers } = await visitor.get('/api/sign-in/google');
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^flowcept-flow-[\w-]{8}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const state = new URL(headers.get('location') ?? '').searchParams.get('state');
    const answer = await visitor.get(
      `/api/sign-in/google/callback?error=access_denied&state=${state}`,
    );
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^flowcept-flow-[\w-]{8}=; Path=\/; Max-Age=0/),
    ]);
  });

  it('returns to the page that the user wanted, and only within the app (H73)', async () => {
    const email = newEmail();
    expect(
      (
        await goThrough(
          deployment().visitor(),
          'github',
          { email },
          { to: '/account?tab=1#password' },
        )
      ).headers.get('location'),
    ).toBe('/account?tab=1#password');
    const away = [
      '//evil.test',
      '/\\evil.test',
      '\\/\\/evil.test',
      'https:evil.test',
      '/\t/evil.test',
      '/..//evil.test',
      '/.//evil.test',
      '/x/..//evil.test',
      'javascript:alert(1)',
      `https://localhost:3000@evil.test`,
      '//localhost.evil.test',
      '/x\r\nSet-Cookie:a=b',
      '/%2e%2e//evil.test',
      '',
      'home',
      '/api/sign-out',
      '/x/../api/sign-in/google',
      '/%61pi/sign-in/google?purpose=connect',
      '/%09/evil.test',
      '/x%0d%0aSet-Cookie:a=b',
      `/${'x'.repeat(3000)}`,
    ];
    for (const to of away)
      expect([
        to,
        (await goThrough(deployment().visitor(), 'github', { email }, { to })).headers.get(
          'location',
        ),
      ]).toEqual([to, '/home']);
    for (const [to, where] of [
      ['/%61ctivity?x=1', '/activity?x=1'],
      ['/account#providers', '/account#providers'],
    ] as const) {
      expect(
        (await goThrough(deployment().visitor(), 'github', { email }, { to })).headers.get(
          'location',
        ),
      ).toBe(where);
    }
  });

  it('never connects a provider silently to an account that has the address (H70)', async () => {
    const { email } = await member();
    const { visitor, answer } = await arrival('google', email);
    expect(answer.headers.get('location')).toBe(
      '/sign-in?problem=account-exists&provider=google&purpose=sign-in&to=%2Fhome',
    );
    expect((await visitor.get('/api/session')).status).toBe(401);
    expect(
      (await arrival('github', (await arrival('google')).email)).answer.headers.get('location'),
    ).toContain('problem=account-exists');
  });

  it('accepts no address that the provider has not verified (H69)', async () => {
    const email = newEmail();
    for (const provider of names) {
      const visitor = deployment().visitor();
      expect(problemOf(await goThrough(visitor, provider, { email, verified: false }))).toBe(
        'email-unverified',
      );
      expect((await visitor.get('/api/session')).status).toBe(401);
      const signedIn = await member();
      expect(
        problemOf(
          await goThrough(
            signedIn.visitor,
            provider,
            { email, verified: false },
            { purpose: 'connect' },
          ),
        ),
      ).toBe('email-unverified');
      expect((await connected(signedIn.visitor)).items).toEqual([]);
    }
    expect(await deployment().services.store.findAccountByEmail(email)).toBeNull();
  });

  it('invalidates open sign-ups when the real owner of the address arrives (A3)', async () => {
    const email = newEmail();
    const thief = deployment().visitor();
    const { body } = await thief.post('/api/sign-up', {
      email,
      password: goodPassword,
      name: 'Mallory',
    });
    const code = await thief.codeFor(email);
    const { visitor } = await arrival('google', email);
    expect((await userOf(visitor)).name).toBe('Ada');
    expect((await thief.post(`/api/challenges/${body.challenge.id}/verify`, { code })).status).toBe(
      410,
    );
    expect((await thief.post('/api/sign-in', { email, password: goodPassword })).body.type).toBe(
      '/problems/wrong-credentials',
    );
  });

  it('rejects a state that is missing, altered, used, expired or of another provider, without calling a provider (H65)', async () => {
    const { clock } = deployment();
    const fresh = async () => {
      const visitor = deployment().visitor();
      return {
        visitor,
        back: await agree(visitor, await setOut(visitor, 'google'), { email: newEmail() }),
      };
    };
    const [missing, altered, used, late, other] = [
      await fresh(),
      await fresh(),
      await fresh(),
      await fresh(),
      await fresh(),
    ];
    expect(problemOf(await missing.visitor.get(missing.back.replace(/&?state=[^&]*/, '')))).toBe(
      'expired',
    );
    expect(
      problemOf(
        await altered.visitor.get(
          altered.back.replace(/state=./, (start) => (start === 'state=A' ? 'state=B' : 'state=A')),
        ),
      ),
    ).toBe('expired');
    expect(problemOf(await used.visitor.get(used.back))).toBeNull();
    expect(problemOf(await used.visitor.get(used.back))).toBe('expired');
    expect(problemOf(await other.visitor.get(other.back.replace('/google/', '/github/')))).toBe(
      'expired',
    );
    expect(problemOf(await other.visitor.get(other.back))).toBe('expired');
    clock.move(10 * minute + 1_000);
    expect(problemOf(await late.visitor.get(late.back))).toBe('expired');
    for (const { visitor } of [missing, altered, late, other])
      expect((await visitor.get('/api/session')).status).toBe(401);
  });

  it('never signs a victim in to the attacker’s account by the attacker’s callback (H66)', async () => {
    const [attacker, victim, stranger] = [
      deployment().visitor(),
      await member(),
      deployment().visitor(),
    ];
    const back = await agree(attacker, await setOut(attacker, 'github'), { email: newEmail() });
    await setOut(victim.visitor, 'github');
    const before = await userOf(victim.visitor);
    expect(problemOf(await victim.visitor.get(back))).toBe('cookie-missing');
    expect(await userOf(victim.visitor)).toEqual(before);
    const another = await agree(attacker, await setOut(attacker, 'github'), { email: newEmail() });
    expect(problemOf(await stranger.get(another))).toBe('cookie-missing');
    expect((await stranger.get('/api/session')).status).toBe(401);
  });

  it('completes this browser’s flows in both tabs, whatever callbacks come between', async () => {
    const [attacker, visitor] = [deployment().visitor(), deployment().visitor()];
    const stray = await agree(attacker, await setOut(attacker, 'github'), { email: newEmail() });
    const email = newEmail();
    const older = await agree(visitor, await setOut(visitor, 'google'), { email });
    const newest = await agree(visitor, await setOut(visitor, 'github'), { email: newEmail() });
    for (const [back, problem] of [
      [stray, 'cookie-missing'],
      ['/api/sign-in/google/callback?state=made-up&code=x', 'expired'],
    ] as const) {
      const answer = await visitor.get(back);
      expect([problemOf(answer), answer.headers.getSetCookie()]).toEqual([problem, []]);
    }
    expect(problemOf(await visitor.get(newest))).toBeNull();
    expect(problemOf(await visitor.get(newest))).toBe('expired');
    expect(problemOf(await visitor.get(older))).toBeNull();
    expect((await userOf(visitor)).email).toBe(email);
    expect([...visitor.cookies.keys()].filter((name) => name.includes('flow-'))).toEqual([]);
  });

  it('begins one session for concurrent callbacks (H67)', async () => {
    const visitor = deployment().visitor();
    const back = await agree(visitor, await setOut(visitor, 'google'), { email: newEmail() });
    const cookie = { Cookie: [...visitor.cookies].map((pair) => pair.join('=')).join('; ') };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => deployment().visitor().get(back, cookie)),
    );
    expect(answers.map(problemOf).toSorted()).toEqual([...Array(9).fill('expired'), null]);
    expect(
      answers.filter(({ headers }) =>
        headers.getSetCookie().some((one) => one.startsWith('flowcept=')),
      ),
    ).toHaveLength(1);
  });

  it('reports that the user cancelled', async () => {
    const visitor = deployment().visitor();
    const page = await setOut(visitor, 'google', { to: '/activity' });
    const state = page.searchParams.get('state');
    const issuer = `${deployment().config.origin}/sandbox/google`;
    const answer = await visitor.get(
      `/api/sign-in/google/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`,
    );
    expect(answer.headers.get('location')).toBe(
      '/sign-in?problem=refused&provider=google&purpose=sign-in&to=%2Factivity',
    );
    const odd = await setOut(visitor, 'google');
    const wild = `/api/sign-in/google/callback?error=${encodeURIComponent('<script>alert(1)</script>')}&error_description=${'x'.repeat(5000)}&state=${odd.searchParams.get('state')}`;
    const { headers, body } = await visitor.get(wild);
    expect([headers.get('location'), body]).toEqual([
      '/sign-in?problem=provider-failed&provider=google&purpose=sign-in&to=%2Fhome',
      '',
    ]);
  });

  it('rejects an unknown provider and an unknown purpose', async () => {
    const visitor = deployment().visitor();
    for (const path of [
      '/api/sign-in/gitlab',
      '/api/sign-in/gitlab/callback',
      '/api/sign-in/__proto__',
      '/api/sign-in/constructor/callback',
    ])
      expect((await visitor.get(path)).status, path).toBe(404);
    for (const purpose of ['everything', 'connect', 'confirm', 'sign-in'])
      expect((await visitor.get(`/api/sign-in/google?purpose=${purpose}`)).status, purpose).toBe(
        422,
      );
    for (const path of ['/api/sign-in/google', '/api/sign-in/google/callback'])
      expect((await visitor.post(path, {})).status, path).toBe(405);
    expect(
      problemOf(await visitor.get('/api/sign-in/google/callback?id_token=x&access_token=y')),
    ).toBe('expired');
  });
});

const connectGoogle = '/api/account/providers/google/connect';
const connectGithub = '/api/account/providers/github/connect';
const starts = [connectGoogle, '/api/session/confirm/google'];

onBothStores('connecting, confirming and undoing', (database) => {
  const { deployment, newEmail, userOf, member, arrival } = people(database, 'connect');
  const mails = async (email: string) =>
    (
      await deployment()
        .visitor()
        .get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`, { Accept: 'application/json' })
    ).body.items;

  it('require a session, re-authentication and a same-origin request', async () => {
    const stranger = deployment().visitor();
    for (const path of starts) expect((await stranger.post(path)).status, path).toBe(401);
    expect((await stranger.get('/api/account/providers')).status).toBe(401);
    expect((await stranger.delete('/api/account/providers/google')).status).toBe(401);
    const { visitor } = await member();
    for (const site of ['cross-site', 'same-site', 'none']) {
      for (const path of starts)
        expect(
          (await visitor.post(path, undefined, { 'Sec-Fetch-Site': site })).body.type,
          path,
        ).toBe('/problems/cross-site-request');
    }
    for (const path of starts) expect((await visitor.get(path)).status, path).toBe(405);
    for (const path of ['/api/account/providers/gitlab/connect', '/api/session/confirm/gitlab'])
      expect((await visitor.post(path)).status, path).toBe(404);
    deployment().clock.move(10 * minute + 1_000);
    for (const answer of [
      await visitor.post(connectGoogle),
      await visitor.delete('/api/account/providers/google'),
    ]) {
      expect([answer.status, answer.body.type, answer.body.methods]).toEqual([
        403,
        '/problems/confirmation-required',
        ['password'],
      ]);
    }
    expect((await visitor.post('/api/session/confirm', { password: goodPassword })).status).toBe(
      200,
    );
    const { status, headers, body } = await visitor.post(connectGoogle);
    expect([status, headers.get('location'), Object.keys(body)]).toEqual([200, null, ['location']]);
    expect(body.location).toMatch(/^http:\/\/localhost:3000\/sandbox\/google\/authorize\?/);
    expect((await visitor.post(connectGoogle, { to: '/account', purpose: 'connect' })).status).toBe(
      422,
    );
  });

  it('re-authenticate only with a method that the account has', async () => {
    const { visitor } = await member();
    const answer = await visitor.post('/api/session/confirm/google');
    expect([answer.status, answer.body.type, answer.body.methods]).toEqual([
      403,
      '/problems/confirmation-required',
      ['password'],
    ]);
  });

  it('make the provider ask for the user', async () => {
    const { visitor } = await arrival('google');
    for (const purpose of ['connect', 'confirm'] as const)
      expect((await setOut(visitor, 'google', { purpose })).searchParams.get('prompt')).toBe(
        'select_account',
      );
    expect((await setOut(visitor, 'google')).searchParams.has('prompt')).toBe(false);
  });

  it('reject a provider account that is connected elsewhere, and a second one of the same provider (H72)', async () => {
    const [one, other] = [await arrival('google'), await member()];
    expect(
      problemOf(
        await goThrough(other.visitor, 'google', { email: one.email }, { purpose: 'connect' }),
      ),
    ).toBe('connected-elsewhere');
    expect((await other.visitor.get('/api/account/providers')).body.items).toEqual([]);
    expect(
      problemOf(
        await goThrough(one.visitor, 'google', { email: newEmail() }, { purpose: 'connect' }),
      ),
    ).toBe('connected-elsewhere');
    expect(
      problemOf(
        await goThrough(one.visitor, 'google', { email: one.email }, { purpose: 'connect' }),
      ),
    ).toBeNull();
    expect((await one.visitor.get('/api/account/providers')).body.items).toHaveLength(1);
  });

  it('never remove the last sign-in method (H72)', async () => {
    const { visitor, email } = await arrival('github');
    const refused = await visitor.delete('/api/account/providers/github');
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/last-way-in']);
    expect(
      problemOf(await goThrough(visitor, 'google', { email: newEmail() }, { purpose: 'connect' })),
    ).toBeNull();
    expect((await visitor.delete('/api/account/providers/github')).status).toBe(204);
    expect((await visitor.delete('/api/account/providers/google')).status).toBe(409);
    expect((await arrival('github', email)).visitor.cookies.has('flowcept')).toBe(false);
  });

  it('re-authenticate an account without a password at its own provider account, with a new session value', async () => {
    const { visitor, email } = await arrival('google');
    deployment().clock.move(10 * minute + 1_000);
    const refused = await visitor.post(connectGithub);
    expect((await visitor.get('/api/session/confirm')).body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['google'],
    });
    expect(refused.body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: ['google'],
    });
    expect(
      problemOf(await goThrough(visitor, 'google', { email: newEmail() }, { purpose: 'confirm' })),
    ).toBe('other-person');
    expect((await visitor.post(connectGithub)).status).toBe(403);
    const before = visitor.cookies.get('flowcept');
    expect(
      (
        await goThrough(
          visitor,
          'google',
          { email },
          { purpose: 'confirm', to: '/account#providers' },
        )
      ).headers.get('location'),
    ).toBe('/account#providers');
    expect(visitor.cookies.get('flowcept')).not.toBe(before);
    expect(
      (
        await deployment()
          .visitor()
          .get('/api/session', { Cookie: `flowcept=${before}` })
      ).status,
    ).toBe(401);
    expect((await visitor.get('/api/session/confirm')).status).toBe(204);
    expect((await visitor.post(connectGithub)).status).toBe(200);
    const { body } = await visitor.get('/api/account/activity');
    expect(body.items.map(({ action }: { action: string }) => action)).toContain(
      'session.confirmed',
    );
  });

  it('offer no re-authentication at a provider that is no longer configured', async () => {
    const { visitor } = await arrival('github');
    const elsewhere = await deploy(async () => deployment().config.database, {
      PUBLIC_URL: 'https://flowcept.example',
      SMTP_URL: 'smtps://mail.example',
      MAIL_FROM: 'no-reply@flowcept.example',
    });
    onTestFinished(() => elsewhere.stop());
    elsewhere.clock.move(
      deployment().clock.now().getTime() - elsewhere.clock.now().getTime() + 10 * minute + 1_000,
    );
    const same = elsewhere.visitor();
    same.cookies.set('__Host-flowcept', visitor.cookies.get('flowcept') ?? '');
    expect((await same.get('/api/session')).status).toBe(200);
    expect((await same.get('/api/session/confirm')).body).toMatchObject({
      type: '/problems/confirmation-required',
      methods: [],
    });
  });

  it('have no effect if the user has signed out or signed in to another account in the meantime', async () => {
    const { visitor } = await member();
    const back = await agree(visitor, await setOut(visitor, 'google', { purpose: 'connect' }), {
      email: newEmail(),
    });
    await visitor.post('/api/sign-out');
    expect(problemOf(await visitor.get(back))).toBe('signed-out');
    const [one, other] = [await member(), await member()];
    const theirs = await agree(
      one.visitor,
      await setOut(one.visitor, 'google', { purpose: 'connect' }),
      { email: newEmail() },
    );
    one.visitor.cookies.set('flowcept', other.visitor.cookies.get('flowcept') ?? '');
    expect(problemOf(await one.visitor.get(theirs))).toBe('signed-out');
    expect((await other.visitor.get('/api/account/providers')).body.items).toEqual([]);
  });

  it('keep working beside a password that was set through recovery', async () => {
    const { visitor, email } = await arrival('google');
    const { body } = await visitor.post('/api/recovery', { email });
    expect(
      (
        await visitor.post('/api/recovery/complete', {
          challenge: body.challenge.id,
          code: await visitor.codeFor(email),
          password: goodPassword,
        })
      ).status,
    ).toBe(200);
    const [told] = (await mails(email)).filter(
      ({ subject }: { subject: string }) => subject === 'Flowcept: Your password was reset',
    );
    expect(told.text, 'who else can still sign in').toContain('Google is still connected');
    expect(told.text).not.toContain('GitHub is');
    expect((await visitor.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
      200,
    );
    expect(await userOf((await arrival('google', email)).visitor)).toMatchObject({ email });
    const confirming = await visitor.post('/api/session/confirm/google');
    expect([confirming.status, confirming.body.methods]).toEqual([403, ['password']]);
    expect((await visitor.delete('/api/account/providers/google')).status).toBe(204);
  });

  it('are undone by “this wasn’t me”: the thief’s connection is removed, and the owner recovers by email', async () => {
    const { visitor: thief, email } = await member();
    const there = newEmail();
    await goThrough(thief, 'github', { email: there }, { purpose: 'connect' });
    const [notice] = (await mails(email)).filter(
      ({ subject }: { subject: string }) =>
        subject === 'Flowcept: GitHub was connected to your account',
    );
    const token = /undo#token=([\w-]+)/.exec(notice.text)?.[1];
    expect((await deployment().visitor().post('/api/account/undo', { token })).status).toBe(200);
    expect((await thief.get('/api/session')).status).toBe(401);
    const again = await arrival('github', there);
    expect(await userOf(again.visitor)).toMatchObject({ email: there });
    expect((await thief.post('/api/sign-in', { email, password: goodPassword })).status).toBe(401);
  });

  it('require the account’s second factor at sign-in and for re-authentication', async () => {
    const { visitor, email } = await arrival('google');
    const begun = await agree(visitor, await setOut(visitor, 'google', { purpose: 'confirm' }), {
      email,
    });
    const { body } = await visitor.post('/api/factors/totp');
    const codeNow = () =>
      generateSync({
        secret: body.secret,
        epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
      });
    expect(
      (await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code: codeNow() }))
        .status,
    ).toBe(200);
    deployment().clock.move(30_000);
    expect(
      problemOf(await visitor.get(begun)),
      'a confirmation that started before there was a factor',
    ).toBe('other-person');

    const again = deployment().visitor();
    const answer = await goThrough(again, 'google', { email }, { to: '/activity' });
    const [, challenge] =
      /^\/sign-in\/second-factor#challenge=([\w-]+)&to=%2Factivity$/.exec(
        answer.headers.get('location') ?? '',
      ) ?? [];
    expect(challenge, answer.headers.get('location') ?? '').toBeDefined();
    expect((await again.get('/api/session')).status).toBe(401);
    expect((await again.post('/api/sign-in/second-factor/methods', { challenge })).body).toEqual({
      methods: ['totp', 'recovery-code'],
    });
    expect(
      (await again.post('/api/sign-in/second-factor/methods', { challenge: 'another' })).status,
    ).toBe(404);
    expect(
      (
        await again.post('/api/sign-in/second-factor', {
          challenge,
          method: 'totp',
          code: codeNow(),
        })
      ).status,
    ).toBe(200);
    expect((await again.get('/api/sessions')).body.items[0]).toMatchObject({
      current: true,
      method: 'google',
    });
    expect((await again.post('/api/sign-in/second-factor/methods', { challenge })).status).toBe(
      410,
    );

    deployment().clock.move(10 * minute + 1_000);
    for (const path of [connectGithub, '/api/session/confirm/google']) {
      expect((await again.post(path)).body, path).toMatchObject({
        type: '/problems/confirmation-required',
        methods: expect.not.arrayContaining(['google']),
      });
    }
  });

  it('offer to restore an account that is scheduled for deletion, and sign no user in to it', async () => {
    const { visitor, email } = await arrival('google');
    const { body } = await visitor.delete('/api/account');
    const { visitor: again, answer } = await arrival('google', email);
    const location = new URL(answer.headers.get('location') ?? '', 'http://localhost:3000');
    expect([answer.status, location.pathname, Object.fromEntries(location.searchParams)]).toEqual([
      303,
      '/sign-in/reopen',
      { erasedAt: body.erasedAt },
    ]);
    expect((await again.get('/api/session')).status).toBe(401);
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    expect((await again.post('/api/account/reopen', { token })).status).toBe(200);
    expect((await again.post('/api/account/reopen', { token })).status).toBe(410);
    expect((await arrival('google', email)).answer.headers.get('location')).toBe('/home');
  });

  it('cannot complete a half sign-in whose provider was disconnected in the meantime', async () => {
    const { visitor } = await member();
    const there = newEmail();
    await goThrough(visitor, 'github', { email: there }, { purpose: 'connect' });
    const { body } = await visitor.post('/api/factors/totp');
    const codeNow = () =>
      generateSync({
        secret: body.secret,
        epoch: Math.floor(deployment().clock.now().getTime() / 1_000),
      });
    await visitor.post('/api/factors/totp/confirm', { id: body.factor.id, code: codeNow() });
    deployment().clock.move(30_000);
    const thief = deployment().visitor();
    const answer = await goThrough(thief, 'github', { email: there });
    const challenge = /challenge=([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1];
    expect((await visitor.delete('/api/account/providers/github')).status).toBe(204);
    expect(
      (
        await thief.post('/api/sign-in/second-factor', {
          challenge,
          method: 'totp',
          code: codeNow(),
        })
      ).status,
    ).toBe(401);
    expect((await thief.get('/api/session')).status).toBe(401);
  });

  it('store no token of a provider and no state', async () => {
    const visitor = deployment().visitor();
    const page = await setOut(visitor, 'google');
    const back = await agree(visitor, page, { email: newEmail() });
    await visitor.get(back);
    const secrets = [
      page.searchParams.get('state'),
      page.searchParams.get('nonce'),
      new URL(back, 'http://x').searchParams.get('code'),
    ];
    for (const line of deployment().logLines())
      for (const secret of secrets) expect(line).not.toContain(secret);
  });
});

/** A deployment for the tests of one `describe`, and its users. */
function people(database: MakeDatabase, prefix: string) {
  const deployment = deployed(database);
  let made = 0;
  const newEmail = () => `${prefix}${(made += 1)}@example.org`;
  const userOf = async (visitor: Visitor) => (await visitor.get('/api/session')).body.user;
  async function member(email = newEmail()) {
    const visitor = deployment().visitor();
    await visitor.join(email);
    return { visitor, email };
  }
  async function arrival(provider: string, email = newEmail()) {
    const visitor = deployment().visitor();
    const answer = await goThrough(visitor, provider, { email });
    return { visitor, email, answer };
  }
  return { deployment, newEmail, userOf, member, arrival };
}
