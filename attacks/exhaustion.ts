import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Attack } from './attack.ts';
import { at, listAt, textAt } from './json.ts';
import { atOnce, fewAtATime, statuses } from './parallel.ts';
import { goodPassword, type Target } from './target.ts';
import { median, percentile } from './uniform.ts';
import { must, mustAnswer } from './verdict.ts';

const megabyte = 1024 * 1024;
/** Milliseconds that an answer to another user may take during the attack. */
const stillQuick = 1_500;

/** How long another user waits for an answer now: the median of five. */
async function probe(target: Target): Promise<number> {
  const replies = await fewAtATime([1, 2, 3, 4, 5], 1, () => target.actor().get('/healthz'));
  return median(replies.map(({ milliseconds }) => milliseconds));
}

async function mustStillServe(target: Target, what: string): Promise<void> {
  const waited = await probe(target);
  must(waited < stillQuick, `${what}: others wait ${waited.toFixed(0)} ms.`);
}

/**
 * Writes endlessly; returns what was answered, how much was accepted, and whether the server closed
 * within three seconds.
 */
function pour(
  target: Target,
  head: string,
  chunk: Buffer,
): Promise<{ text: string; megabytes: number; closed: boolean }> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(target.origin.port),
      localAddress: target.nextAddress(),
    });
    let text = '';
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      const megabytes = Math.round(socket.bytesWritten / megabyte);
      socket.destroy();
      resolve({ text, megabytes, closed });
    };
    const timer = setTimeout(() => end(false), 3_000);
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('data', (bytes) => (text += bytes.toString('latin1')));
    socket.on('drain', write);
    socket.on('error', () => {});
    socket.on('close', () => end(true));
    socket.write(head);
    write();
  });
}

function chunkOf(bytes: number): Buffer {
  return Buffer.concat([
    Buffer.from(`${bytes.toString(16)}\r\n`),
    Buffer.alloc(bytes, 0x20),
    Buffer.from('\r\n'),
  ]);
}

function headOf(target: Target, path: string, ...lines: string[]): string {
  return [
    `POST ${path} HTTP/1.1`,
    `Host: ${target.origin.host}`,
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
}

/** M: resource exhaustion. Bounded, and on loopback only. */
export const exhaustionAttacks: readonly Attack[] = [
  {
    id: 'M130',
    title: 'Bodies without end',
    source: 'ASVS 5.2.1; GHSA-92vj-g62v-jqhh',
    alone: true,
    async run(target) {
      const spaces = Buffer.alloc(64 * 1024, 0x20);
      const endless = `Content-Length: ${100_000 * megabyte}`;
      const floods: [string, string, Buffer][] = [
        ['declared', headOf(target, '/api/recovery', endless), spaces],
        [
          'in chunks',
          headOf(target, '/api/recovery', 'Transfer-Encoding: chunked'),
          chunkOf(64 * 1024),
        ],
        ['where there is nothing', headOf(target, '/nothing', endless), spaces],
        ['with a GET', headOf(target, '/api/deployment', endless).replace('POST', 'GET'), spaces],
        [
          'with a GET in chunks',
          headOf(target, '/api/deployment', 'Transfer-Encoding: chunked').replace('POST', 'GET'),
          chunkOf(64 * 1024),
        ],
      ];
      for (const [what, head, chunk] of floods) {
        const { text, megabytes, closed } = await pour(target, head, chunk);
        must(
          closed,
          `A body without end, ${what}: ${text.slice(9, 12)}, and after ${megabytes} MB it still reads.`,
        );
      }
      const bomb = gzipSync(Buffer.alloc(20 * megabyte, 0x20));
      for (const encoding of ['gzip', 'deflate', 'br']) {
        mustAnswer(
          await target.actor().post('/api/recovery', bomb, { 'Content-Encoding': encoding }),
          [400, 413, 415],
          `A bomb in ${encoding}`,
        );
      }
      for (const size of [64 * 1024 + 1, megabyte])
        mustAnswer(
          await target.actor().post('/api/recovery', `"${'x'.repeat(size)}"`),
          413,
          `${size} bytes`,
        );
      await mustStillServe(target, 'After large bodies');
    },
  },
  {
    id: 'M131',
    title: 'JSON a hundred thousand levels deep',
    source: 'ASVS 15.2.2',
    async run(target) {
      const deep = [
        '['.repeat(65_000),
        `${'['.repeat(32_000)}${']'.repeat(32_000)}`,
        `{"email":${'['.repeat(32_000)}${']'.repeat(32_000)}}`,
        `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
        `{${Array.from({ length: 7_000 }, (_, index) => `"k${index}":1`).join()}}`,
      ];
      for (const body of deep) {
        for (const path of ['/api/recovery', '/api/sign-up', '/api/sign-in', '/api/account/undo']) {
          const reply = await target.actor().post(path, body);
          must(
            [400, 413, 422].includes(reply.status) &&
              reply.milliseconds < stillQuick &&
              reply.text.length < 20_000,
            `${path} with ${body.slice(0, 10)}…: ${reply.status}, ${reply.milliseconds.toFixed(0)} ms, ${reply.text.length} characters.`,
          );
        }
      }
    },
  },
  {
    id: 'M132',
    title: 'Passwords of a megabyte',
    source: 'ASVS 2.2.1; CVE-2014-9016',
    async run(target) {
      const { actor, email } = await target.member();
      for (const size of [600, 60_000, megabyte]) {
        const password = 'x'.repeat(size);
        const replies = [
          await target.actor().post('/api/sign-in', { email, password }),
          await target.actor().post('/api/sign-up', { email, password, name: 'Ada' }),
          await actor.post('/api/session/confirm', { password }),
        ];
        for (const reply of replies)
          must(
            [413, 422].includes(reply.status),
            `A password of ${size} characters was answered ${reply.status}.`,
          );
      }
    },
  },
  {
    id: 'M133',
    title: 'Clients that never finish what they begin',
    source: 'hardening.md F15 (slow clients)',
    async run(target) {
      const count = 300;
      const sockets: Socket[] = [];
      let cut = 0;
      for (let index = 0; index < count; index += 1) {
        const socket = connect({
          host: '127.0.0.1',
          port: Number(target.origin.port),
          localAddress: target.nextAddress(),
        });
        socket.on('error', () => {});
        socket.on('close', () => (cut += 1));
        socket.on('data', () => {});
        socket.write(
          index % 2 === 0 ? 'GET / HTTP/1.1\r\nHost: ' : 'GET /api/session HTTP/1.1\r\nX: a',
        );
        sockets.push(socket);
      }
      try {
        await mustStillServe(target, `With ${count} half-open requests`);
        for (let waited = 0; waited < 16_000 && cut < count; waited += 500) await sleep(500);
        must(
          cut === count,
          `${count - cut} of ${count} half-open requests are still there after 16 s.`,
        );
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    },
  },
  {
    id: 'M134',
    title: 'A list as long as the caller likes',
    source: 'ASVS 2.4.1',
    async run(target) {
      const { actor } = await target.member();
      await fewAtATime(
        Array.from({ length: 104 }, (_, index) => index),
        4,
        (index) => actor.send('PATCH', '/api/account', { body: { name: `Ada ${index}` } }),
      );
      for (const limit of [
        '',
        'limit=101',
        'limit=9999',
        'limit=1000000000',
        'limit=-1',
        'limit=0',
        'after=made-up',
        'after=',
      ]) {
        const { status, json } = await actor.get(`/api/account/activity?${limit}`);
        must(
          status === 422 || listAt(json, 'items').length <= 100,
          `?${limit} lists ${status === 200 ? listAt(json, 'items').length : status}.`,
        );
      }
    },
  },
  {
    id: 'M135',
    title: 'A limit that says too little, or that another user’s success resets',
    source: 'ASVS 2.4.1; RFC 6585 §4',
    async run(target) {
      const address = target.nextAddress();
      const tries = await fewAtATime(
        Array.from({ length: 31 }, (_, index) => index),
        6,
        () => target.actor(address).post('/api/account/undo', { token: 'x' }),
      );
      const refused = tries.find(({ status }) => status === 429);
      must(refused !== undefined, 'Thirty-one tries from one address are allowed.');
      must(
        /^[1-9]\d*$/.test(String(refused.headers['retry-after'])) &&
          /problem\+json/.test(String(refused.headers['content-type'])),
        `The error is ${JSON.stringify(refused.headers)}`,
      );
      must(
        textAt(refused.json, 'type') === '/problems/rate-limited' &&
          at(refused.json, 'limit') === undefined,
        `The error says ${refused.text}`,
      );
      const [victim, own] = [await target.member(), await target.member()];
      const intruder = target.nextAddress();
      let compared = 0;
      for (let round = 0; round < 13; round += 1) {
        if (
          (await target.signIn(target.actor(intruder), victim.email, `a wrong password, ${round}`))
            .status === 401
        )
          compared += 1;
        if (round % 4 === 3) await target.signIn(target.actor(intruder), own.email, own.password);
      }
      must(compared <= 10, `${compared} guesses between sign-ins to the attacker’s own account.`);
    },
  },
  {
    id: 'M201',
    title: 'A hundred and twenty sign-ins at the same instant',
    source: 'ASVS 2.4.1; hardening.md §3 (hash queue)',
    alone: true,
    async run(target) {
      const { actor } = await target.member();
      const { milliseconds: alone } = await target.signIn(
        target.actor(),
        target.newEmail(),
        goodPassword,
      );
      let isDone = false;
      const flood = atOnce(120, () =>
        target.signIn(target.actor(), target.newEmail(), goodPassword),
      ).finally(() => (isDone = true));
      const waits: number[] = [];
      while (!isDone) {
        const { status, milliseconds } = await actor.get('/api/session');
        must(status === 200, `A session check while the sign-ins wait was answered ${status}.`);
        waits.push(milliseconds);
      }
      const slow = percentile(waits, 0.95);
      must(
        slow < 500,
        `While the sign-ins wait, of ${waits.length} session checks one in twenty takes ${slow.toFixed(0)} ms.`,
      );
      const replies = await flood;
      const counts = statuses(replies);
      must(
        replies.every(({ status }) => [401, 429, 503].includes(status)),
        `A hundred and twenty sign-ins at once: ${JSON.stringify(counts)}`,
      );
      must((counts[503] ?? 0) > 0, 'Every caller may wait, however many there are.');
      const slowest = Math.max(...replies.map(({ milliseconds }) => milliseconds));
      must(
        slowest < 4_000 + 40 * alone,
        `One of them waited ${slowest.toFixed(0)} ms, where one alone takes ${alone.toFixed(0)} ms.`,
      );
      await target.recovered();
      mustAnswer(
        await target.signIn(target.actor(), target.newEmail(), goodPassword),
        401,
        'A sign-in after the flood',
      );
    },
  },
  {
    id: 'M202',
    title: 'Clients that hang up in the middle',
    source: 'hardening.md F18',
    alone: true,
    async run(target) {
      const body = JSON.stringify({
        email: target.newEmail(),
        password: goodPassword,
        name: 'Ada',
      });
      const request = `POST /api/sign-up HTTP/1.1\r\nHost: ${target.origin.host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      await fewAtATime(
        Array.from({ length: 60 }, (_, index) => index),
        10,
        async (index) => {
          await target.raw(request.slice(0, Math.floor((request.length * index) / 60)), {
            wait: 5 + (index % 5) * 10,
          });
        },
      );
      await target.recovered();
      await mustStillServe(target, 'After clients that hung up');
      await target.member();
    },
  },
  {
    id: 'M203',
    title: 'A hundred requests in one breath, and headers without end',
    source: 'CVE-2024-27983; ASVS 4.2.1',
    async run(target) {
      const one = `GET /healthz HTTP/1.1\r\nHost: ${target.origin.host}\r\n\r\n`;
      const { text } = await target.raw(
        one.repeat(99) + one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
        { wait: 10_000 },
      );
      must(
        (text.match(/HTTP\/1\.1 200/g) ?? []).length === 100,
        'Of a hundred requests in one breath not all were answered.',
      );
      const headers = [
        `X: ${'a'.repeat(20_000)}`,
        Array.from({ length: 3_000 }, (_, index) => `X-${index}: a`).join('\r\n'),
        `Cookie: ${'a=b; '.repeat(5_000)}`,
      ];
      for (const lines of headers) {
        const answer = await target.raw(
          `GET / HTTP/1.1\r\nHost: ${target.origin.host}\r\n${lines}\r\n\r\n`,
        );
        must(
          answer.text.startsWith('HTTP/1.1 4') && answer.closed,
          `${lines.slice(0, 10)}…: ${answer.text.slice(0, 40)}`,
        );
      }
      const many = await target.raw(
        `GET /healthz HTTP/1.1\r\nHost: ${target.origin.host}\r\nConnection: close\r\n${'A: b\r\n'.repeat(2_000)}\r\n`,
      );
      must(
        /^HTTP\/1\.1 [24]/.test(many.text),
        `Two thousand small headers: ${many.text.slice(0, 40)}`,
      );
    },
  },
  {
    id: 'M204',
    title: 'Changing things without pause',
    source: 'ASVS 2.4.1',
    async run(target) {
      const { actor } = await target.member();
      // A request that ends up changing nothing counts like one that does.
      const replies = await fewAtATime(
        Array.from({ length: 310 }, (_, index) => index),
        31,
        (index) => actor.send('DELETE', `/api/sessions/none-${index}`),
      );
      const looked = replies.filter(({ status }) => status !== 429).length;
      must(looked <= 300, `${looked} changes within a minute were looked at.`);
    },
  },
  {
    id: 'M205',
    title: 'Filling the record for good',
    source: 'ASVS 2.4.1, 16.2.1',
    async run(target) {
      const { actor } = await target.member();
      const replies = await fewAtATime(
        Array.from({ length: 130 }, (_, index) => index),
        5,
        (index) => actor.send('PATCH', '/api/account', { body: { name: `Ada ${index}` } }),
      );
      const renamed = replies.filter(({ status }) => status === 200).length;
      must(
        renamed <= 100,
        `One account put ${renamed} changes of its name into the record within a minute.`,
      );
      mustAnswer(
        await actor.send('DELETE', '/api/sessions', {}),
        204,
        'Ending all other sessions of an account that changes too much',
      );
    },
  },
  {
    id: 'M206',
    title: 'One export after another',
    source: 'ASVS 2.4.1, 15.2.2',
    async run(target) {
      const { actor } = await target.member();
      const replies = await fewAtATime(
        Array.from({ length: 16 }, (_, index) => index),
        1,
        () => actor.get('/api/account/export'),
      );
      const whole = replies.filter(({ status }) => status === 200).length;
      must(whole > 0 && whole <= 10, `Of sixteen exports of one account ${whole} were answered.`);
      must(
        replies.every(
          ({ status, headers }) =>
            status === 200 || (status === 429 && Number(headers['retry-after']) > 0),
        ),
        `Sixteen exports of one account: ${JSON.stringify(statuses(replies))}`,
      );
    },
  },
  {
    id: 'M207',
    title: 'One network that takes every place for a password hash',
    source: 'ASVS 2.4.1; docs/decisions/024',
    alone: true,
    async run(target) {
      const address = target.nextAddress();
      const flood = atOnce(90, () =>
        target.signIn(target.actor(address), target.newEmail(), goodPassword),
      );
      await sleep(100);
      const others = await atOnce(3, () =>
        target.signIn(target.actor(), target.newEmail(), goodPassword),
      );
      const counts = statuses(await flood);
      must((counts[503] ?? 0) > 0, `The flood found a place for all: ${JSON.stringify(counts)}`);
      must(
        others.every(({ status }) => status === 401),
        `Sign-ins of others during the flood: ${JSON.stringify(statuses(others))}`,
      );
      await target.recovered();
    },
  },
  {
    id: 'M208',
    title: 'One network that takes every connection',
    source: 'ASVS 13.1.2; CWE-770',
    alone: true,
    async run(target) {
      const sockets: Socket[] = [];
      const open = async () => {
        const socket = connect({
          host: '127.0.0.1',
          port: Number(target.origin.port),
          localAddress,
        });
        sockets.push(socket);
        socket.on('error', () => {});
        await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
      };
      const localAddress = target.nextAddress();
      try {
        // More at once would wait in the queue of the listening socket.
        await fewAtATime(Array.from({ length: 1_200 }), 150, open);
        await sleep(500);
        const kept = sockets.filter(({ closed }) => !closed).length;
        must(kept < sockets.length, `One address holds all of its ${kept} connections.`);
        await mustStillServe(target, `While one address holds ${kept} connections`);
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    },
  },
];
