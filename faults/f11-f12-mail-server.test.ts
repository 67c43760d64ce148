import type { ParsedMail } from 'mailparser';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { minute } from '../src/clock.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { deploy } from '../test/deployment.ts';
import { freePort } from '../test/free-port.ts';
import { forgetfulServer, hangingServer, type MailServer, takeMail } from '../test/mail-server.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { type Answer, goodPassword } from '../test/visitor.ts';

/** The first retry comes sooner than this. */
/** No request waits for a mail server: a hash and some writes take less, also on a slow machine. */
const atOnce = 10_000;

onBothStores('F11 and F12: mail by SMTP', (makeDatabase) => {
  const servers = serverProcesses();
  const arrived: ParsedMail[] = [];
  let database: DatabaseSetting;
  let port: number;
  let server: ServerProcess;

  beforeAll(async () => {
    [database, port] = [await makeDatabase(), await freePort()];
    server = await servers.start(launch());
  }, minute);

  const launch = () => ({
    database,
    variables: {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAIL_FROM: 'Flowcept <no-reply@example.com>',
    },
  });
  /** A mail server for one test, on the port that all of them share. */
  const mailServer = async (options?: {
    rejections: number;
    code?: number;
  }): Promise<MailServer> => {
    const mails = await takeMail(port, options);
    onTestFinished(async () => {
      await mails.close();
      arrived.push(...mails.taken);
    });
    return mails;
  };
  const triesLogged = () =>
    server.lines().filter((line) => line.includes('An email could not be delivered')).length;

  it('an email has the code alone on a line of its text, and the same content in HTML', async () => {
    const mails = await mailServer();
    const [person] = await signUpAll(server, ['first']);
    await expect.poll(() => mails.takenBy('first@example.org').length, { timeout: 10_000 }).toBe(1);
    const [mail] = mails.takenBy('first@example.org');
    const codes = mail?.text?.split('\n').filter((line) => /^\d{6}$/.test(line)) ?? [];

    expect(codes).toHaveLength(1);
    expect(mail?.html).toContain(codes[0]);
    expect(mail?.from?.text).toBe('"Flowcept" <no-reply@example.com>');
    expect((await person?.verify(mail))?.status).toBe(200);
  });

  it(
    'an email waits while the mail server is down, delays no answer, and arrives once when it is back',
    { timeout: 2 * minute },
    async () => {
      const people = await signUpAll(server, ['down-1', 'down-2', 'down-3']);
      await expect.poll(triesLogged, { timeout: 20_000 }).toBeGreaterThanOrEqual(people.length);
      const mails = await mailServer();
      await expectOneEach(people, mails);
    },
  );

  it(
    'an email is retried after a temporary error of the mail server',
    { timeout: 2 * minute },
    async () => {
      const mails = await mailServer({ rejections: 2 });
      const people = await signUpAll(server, ['later-1', 'later-2']);
      await expectOneEach(people, mails);
      expect(mails.offered()).toBe(4);
    },
  );

  it('a mail server that hangs delays nothing', { timeout: 2 * minute }, async () => {
    const hanging = await hangingServer(port);
    onTestFinished(hanging.close);
    const people = await signUpAll(server, ['hang-1', 'hang-2', 'hang-3']);
    await expect.poll(hanging.connections, { timeout: 10_000 }).toBeGreaterThan(0);
    people.push(...(await signUpAll(server, ['hang-4'])));
    await hanging.close();
    const mails = await mailServer();
    await expectOneEach(people, mails);
  });

  it(
    'an email is retried after a permanent error, and what the mail server quotes is shown nowhere',
    { timeout: 2 * minute },
    async () => {
      const mails = await mailServer({ rejections: 1, code: 550 });
      const people = await signUpAll(server, ['echoed']);
      await expect.poll(mails.offered, { timeout: 10_000 }).toBe(1);
      await expectOneEach(people, mails);
      const lines = server.lines().join('\n');
      expect(lines).toContain('EMESSAGE DATA 550');
      expect(lines).not.toContain('echoed@example.org');
      expect(lines).not.toMatch(/Not for|your code/i);
    },
  );

  it(
    'an email that the server accepted before it hung up is sent again with the same id, so that no user gets it twice',
    { timeout: 2 * minute },
    async () => {
      const forgetful = await forgetfulServer(port);
      onTestFinished(forgetful.close);
      const people = await signUpAll(server, ['dropped']);
      await expect.poll(() => forgetful.taken.length, { timeout: 10_000 }).toBe(1);
      await forgetful.close();
      const mails = await mailServer();
      await expectOneEach(people, mails);
      expect(mails.takenBy('dropped@example.org').map(({ messageId }) => messageId)).toEqual([
        /^Message-ID: (.*)\r$/im.exec(forgetful.taken[0] ?? '')?.[1],
      ]);
    },
  );

  it('an email is not delivered after its code has expired', { timeout: minute }, async () => {
    const deployment = await deploy(makeDatabase, launch().variables);
    onTestFinished(deployment.stop);
    const visitor = deployment.visitor();
    expect(
      (
        await visitor.post('/api/sign-up', {
          email: 'late@example.org',
          password: goodPassword,
          name: 'Ada',
        })
      ).status,
    ).toBe(202);
    await deployment.delivery.deliverDue();
    expect(
      deployment.logLines().filter((line) => line.includes('An email could not be delivered')),
    ).toHaveLength(1);
    const mails = await mailServer();
    deployment.clock.move(11 * minute);
    await deployment.delivery.deliverDue();
    expect(mails.offered()).toBe(0);
  });

  it(
    'an email is delivered once if two processes share the queue',
    { timeout: 2 * minute },
    async () => {
      const other = await servers.start(launch());
      const mails = await mailServer();
      const labels = Array.from({ length: 5 }, (_, n) => n);
      const people = await Promise.all(
        [server, other].map((one, at) =>
          signUpAll(
            one,
            labels.map((n) => `pair-${at}-${n}`),
          ),
        ),
      );
      await expectOneEach(people.flat(), mails);
    },
  );

  it('no email was delivered twice', () => {
    const ids = arrived.map(({ messageId }) => messageId);
    expect(ids).toHaveLength(1 + 3 + 2 + 4 + 1 + 1 + 10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('a mail server that hangs does not delay a shutdown', { timeout: minute }, async () => {
    const hanging = await hangingServer(port);
    onTestFinished(hanging.close);
    await signUpAll(server, ['stop']);
    await expect.poll(hanging.connections, { timeout: 10_000 }).toBeGreaterThan(0);
    const startedAt = performance.now();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

interface Person {
  email: string;
  verify(mail: ParsedMail | undefined): Promise<Answer>;
}

/** Signs all of them up concurrently; each is answered at once. */
function signUpAll(server: ServerProcess, labels: readonly string[]): Promise<Person[]> {
  return Promise.all(
    labels.map(async (label) => {
      const visitor = server.visitor();
      const email = `${label}@example.org`;
      const startedAt = performance.now();
      const { status, body } = await visitor.post('/api/sign-up', {
        email,
        password: goodPassword,
        name: 'Ada',
      });
      expect(status).toBe(202);
      expect(performance.now() - startedAt).toBeLessThan(atOnce);
      const verify = (mail: ParsedMail | undefined) =>
        visitor.post(`/api/challenges/${body.challenge.id}/verify`, {
          code: /^\d{6}$/m.exec(mail?.text ?? '')?.[0],
        });
      return { email, verify };
    }),
  );
}

async function expectOneEach(people: readonly Person[], mails: MailServer): Promise<void> {
  const counts = () => people.map(({ email }) => mails.takenBy(email).length);
  await expect.poll(counts, { timeout: minute, interval: 100 }).toEqual(people.map(() => 1));
  const answers = await Promise.all(
    people.map(({ email, verify }) => verify(mails.takenBy(email)[0])),
  );
  expect(answers.map(({ status }) => status)).toEqual(people.map(() => 200));
}
