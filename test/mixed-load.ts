import { setTimeout as wait } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';
import { type Answer, goodPassword, type Visitor } from './visitor.ts';

/** One after another. */
const passwords = [
  goodPassword,
  'loud oceans carry new charts',
  'warm lamps outlast long winters',
] as const;

export interface Person {
  readonly email: string;
  /** Two browsers. */
  readonly home: Visitor;
  readonly elsewhere: Visitor;
  /** The code that was sent last. */
  challenge: string;
  /** The state that the server has confirmed: see {@link look}. */
  finds: string;
  /** Changes that were requested and not acknowledged. */
  underWay: Step | null;
}

export interface Step {
  readonly name: string;
  /** One request that changes something. */
  take(person: Person): Promise<Answer>;
  /** The state afterwards, and the state if it succeeded and the answer was lost. */
  readonly told: string;
  readonly untold: string;
  /** The answer if it had succeeded before. */
  readonly twice: number;
}

/**
 * Whether they are signed in in both browsers, and the answer to each of their passwords in a third
 * one.
 */
const stranger = 'out, out; 401, 401, 401';

/** The steps of users. Each changes the state or has changed nothing. */
export const story: readonly Step[] = [
  {
    name: 'sign-up',
    take: ({ home, email }) =>
      home.post('/api/sign-up', { email, password: passwords[0], name: 'Ada' }),
    told: 'out, out; 403, 401, 401',
    untold: 'out, out; 403, 401, 401',
    twice: 202,
  },
  {
    name: 'code of the sign-up',
    take: async ({ home, email, challenge }) =>
      home.post(`/api/challenges/${challenge}/verify`, { code: await home.codeFor(email) }),
    told: 'in, out; 200, 401, 401',
    untold: 'out, out; 200, 401, 401',
    twice: 410,
  },
  {
    name: 'sign-in',
    take: ({ elsewhere, email }) =>
      elsewhere.post('/api/sign-in', { email, password: passwords[0] }),
    told: 'in, in; 200, 401, 401',
    untold: 'in, out; 200, 401, 401',
    twice: 200,
  },
  {
    name: 'change of the password',
    take: ({ home }) =>
      home.post('/api/account/password', { current: passwords[0], next: passwords[1] }),
    told: 'in, out; 401, 200, 401',
    untold: 'out, out; 401, 200, 401',
    twice: 401,
  },
  {
    name: 'recovery',
    take: ({ elsewhere, email }) => elsewhere.post('/api/recovery', { email }),
    told: 'in, out; 401, 200, 401',
    untold: 'in, out; 401, 200, 401',
    twice: 202,
  },
  {
    name: 'code of the recovery',
    take: async ({ elsewhere, email, challenge }) =>
      elsewhere.post('/api/recovery/complete', {
        challenge,
        code: await elsewhere.codeFor(email),
        password: passwords[2],
      }),
    told: 'out, out; 401, 401, 200',
    untold: 'out, out; 401, 401, 200',
    twice: 410,
  },
  {
    name: 'sign-in afterwards',
    take: ({ home, email }) => home.post('/api/sign-in', { email, password: passwords[2] }),
    told: 'in, out; 401, 401, 200',
    untold: 'out, out; 401, 401, 200',
    twice: 200,
  },
];

/** Performs a step, and remembers the answer. */
export async function take(person: Person, step: Step): Promise<Answer> {
  person.underWay = step;
  const answer = await step.take(person);
  if (answer.status >= 300) return answer;
  person.challenge = answer.body.challenge?.id ?? person.challenge;
  person.finds = step.told;
  person.underWay = null;
  return answer;
}

/** The current state, in the terms of the story. */
export async function look({ email, home, elsewhere }: Person, third: Visitor): Promise<string> {
  const whether = async (visitor: Visitor): Promise<string> =>
    ({ 200: 'in', 401: 'out' })[(await insist(() => visitor.get('/api/session'))).status] ??
    'refused';
  const answers: number[] = [];
  for (const password of passwords)
    answers.push((await insist(() => third.post('/api/sign-in', { email, password }))).status);
  return `${await whether(home)}, ${await whether(elsewhere)}; ${answers.join(', ')}`;
}

/** Repeats a request that an overloaded server has refused. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  for (let tries = 1; answer.status === 503 && tries < 10; tries += 1) {
    await wait(1_000);
    answer = await ask();
  }
  return answer;
}

export const sideBySide = 6;

export interface Load {
  readonly people: readonly Person[];
  /** The names of the acknowledged steps. */
  readonly acknowledged: readonly string[];
  /**
   * Answers that are neither a success, nor a closed connection, nor 503, which is as uncertain as
   * no answer.
   */
  readonly odd: readonly string[];
  /** SIGKILL. Resolves when no client waits for an answer. */
  kill(): Promise<void>;
}

/** Users who go through the story, some of them in parallel, until the server is killed. */
export function liveUntilKilled(server: ServerProcess, label: string): Load {
  const people: Person[] = [];
  const acknowledged: string[] = [];
  const odd: string[] = [];
  let killed = false;
  const worker = async (number: number): Promise<void> => {
    for (let n = 0; !killed; n += 1) {
      const person: Person = {
        email: `${label}-${number}-${n}@example.org`,
        home: server.visitor(),
        elsewhere: server.visitor(),
        challenge: '',
        finds: stranger,
        underWay: null,
      };
      people.push(person);
      for (const step of story) {
        const said = await take(person, step).then(
          ({ status }) => status,
          (error: unknown) => String(error),
        );
        if (person.underWay === null) acknowledged.push(step.name);
        else if (said !== 503 && (!killed || typeof said === 'number'))
          odd.push(`${step.name}: ${said}`);
        if (person.underWay !== null) break;
      }
    }
  };
  const workers = Array.from({ length: sideBySide }, (_, number) => worker(number));
  return {
    people,
    acknowledged,
    odd,
    async kill() {
      killed = true;
      await server.kill('SIGKILL');
      await Promise.all(workers);
    },
  };
}
