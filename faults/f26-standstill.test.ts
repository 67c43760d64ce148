import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { second, minute } from '../src/clock.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { freePort } from '../test/free-port.ts';
import { takeMail } from '../test/mail-server.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { type ServerProcess, serverProcesses, type Variables } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const email = 'ada@example.org';
const healsWithin = 10 * second;
/** Two processes of a deployment behind one name. */
const shared = { PUBLIC_URL: 'http://localhost:9' };
const secret = 'only-for-tests-and-long-enough-for-them';
const stop = ({ pid }: ServerProcess) => process.kill(pid, 'SIGSTOP');
const goOn = ({ pid }: ServerProcess) => process.kill(pid, 'SIGCONT');

onBothStores('F26: a process that stalls', (makeDatabase) => {
  const servers = serverProcesses();
  const startPair = async (variables: Variables = {}): Promise<[ServerProcess, ServerProcess]> => {
    const launch = { database: await makeDatabase(), variables: { ...shared, ...variables } };
    return [await servers.start(launch), await servers.start(launch)];
  };

  it(
    'a process that is suspended for two seconds answers all requests, one for eight seconds recovers, and no user is signed out',
    { timeout: 3 * minute },
    async () => {
      const database: DatabaseSetting = await makeDatabase();
      const server = await servers.start({ database });
      const member = server.visitor();
      expect((await member.join(email)).status).toBe(200);
      const members = [member];
      for (let n = 0; n < 5; n += 1) {
        const visitor = server.visitor();
        expect((await visitor.post('/api/sign-in', { email, password: goodPassword })).status).toBe(
          200,
        );
        members.push(visitor);
      }
      for (const [seconds, allowed] of [
        [2, [200]],
        [8, [200, 503]],
      ] as const) {
        // Some requests are in progress, and some arrive during the suspension.
        const before = members.map(() =>
          server.visitor().post('/api/sign-in', { email, password: goodPassword }),
        );
        stop(server);
        const meanwhile = members.map((visitor) => visitor.get('/api/session'));
        await wait(seconds * second);
        goOn(server);
        const answers = await Promise.all([...before, ...meanwhile]);
        expect(
          answers
            .map(({ status }) => status)
            .filter((status) => !allowed.some((one) => one === status)),
        ).toEqual([]);
        const signedIn = async () =>
          (await Promise.all(members.map((visitor) => visitor.get('/api/session')))).map(
            ({ status }) => status,
          );
        await expect
          .poll(signedIn, { timeout: healsWithin, interval: 200 })
          .toEqual(members.map(() => 200));
        await expect
          .poll(
            async () =>
              (await server.visitor().post('/api/sign-in', { email, password: goodPassword }))
                .status,
            { timeout: healsWithin, interval: 200 },
          )
          .toBe(200);
      }
      expect(
        server
          .lines()
          .filter((line) => JSON.parse(line).level >= 50 && !line.includes('"status":503')),
      ).toEqual([]);
    },
  );

  it(
    'a process suspended before it heard that an email was accepted sends it once, and another process serves its users',
    { timeout: 3 * minute },
    async () => {
      const port = await freePort();
      let taker: ServerProcess | undefined;
      const mails = await takeMail(port, { onTaken: () => taker && stop(taker) });
      onTestFinished(mails.close);
      const [first, other] = await startPair({
        SMTP_URL: `smtp://127.0.0.1:${port}`,
        MAIL_FROM: 'Flowcept <no-reply@example.com>',
      });
      const visitor = first.visitor();
      taker = first;
      const { body } = await visitor.post('/api/sign-up', {
        email,
        password: goodPassword,
        name: 'Ada',
      });
      await expect
        .poll(() => mails.takenBy(email).length, { timeout: healsWithin, interval: 20 })
        .toBe(1);
      taker = undefined;

      // The other process reads the queue every five seconds. Once the code is used, its email
      // would be dropped.
      await wait(7 * second);
      const [mail, ...again] = mails.takenBy(email);
      expect(again, 'sent by the other one meanwhile').toEqual([]);
      const elsewhere = other.visitor();
      const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0];
      expect(
        (await elsewhere.post(`/api/challenges/${body.challenge.id}/verify`, { code })).status,
      ).toBe(200);
      goOn(first);
      const same = first.visitor();
      for (const [name, value] of elsewhere.cookies) same.cookies.set(name, value);
      await expect
        .poll(async () => (await same.get('/api/session')).status, {
          timeout: healsWithin,
          interval: 200,
        })
        .toBe(200);
      await wait(6 * second);
      expect(mails.takenBy(email).filter(({ text }) => /^\d{6}$/m.test(text ?? ''))).toHaveLength(
        1,
      );
    },
  );

  it(
    'a process that is suspended during the checks loses its lease to another one, and the evidence log stays intact',
    { timeout: 6 * minute },
    async () => {
      const launch = {
        database: await makeDatabase(),
        variables: { ...shared, CRON_SECRET: secret },
      };
      const first = await servers.start(launch);
      const { body: began } = await first.visitor().get('/api/trust');
      expect(began.ranAt).toBe(null);
      await wait(second);
      stop(first);
      const other = await servers.start(launch);
      const ranAt = async (server: ServerProcess) =>
        (await server.visitor().get('/api/trust')).body.ranAt;
      const ask = async () => {
        await other
          .visitor()
          .post('/api/trust/run', undefined, { Authorization: `Bearer ${secret}` });
        return ranAt(other);
      };
      await expect
        .poll(ask, { timeout: 4 * minute, interval: 5 * second })
        .toEqual(expect.any(String));
      goOn(first);
      await expect
        .poll(() => ranAt(first), { timeout: healsWithin, interval: 500 })
        .toEqual(expect.any(String));
      const chains = await Promise.all(
        [first, other].map(
          async (server) => (await server.visitor().get('/api/trust/history')).body.items,
        ),
      );
      expect(chains[0]).toEqual(chains[1]);
      expect(chains[0].map(({ seq }: { seq: number }) => seq)).toEqual(
        chains[0].map((_: unknown, n: number) => n + 1),
      );
    },
  );
});
