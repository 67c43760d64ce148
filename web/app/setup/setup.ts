import type { SettingItem } from '../../../src/api/operators.ts';
import { messages } from '../messages.ts';

const t = messages.setup;

export const setupIds = ['url', 'mail', 'keys', 'google', 'operator'] as const;
export type SetupId = (typeof setupIds)[number];

export interface SetupFacts {
  /** The settings of the deployment. */
  origin: string;
  settings: readonly SettingItem[];
  /** Whether an email was ever delivered, and why the first of the waiting ones was not. */
  mail: { hasSent: boolean; stuck: string | null };
  operators: number;
}

/** `unseen`: the server cannot tell whether it is done. */
export type SetupState = 'done' | 'open' | 'unseen';

export interface SetupStep {
  id: SetupId;
  state: SetupState;
  /** What was observed, and what to do. */
  text: string;
}

type Seen = Omit<SetupStep, 'id'>;

/** The state of each step is computed each time; none is stored as done. */
const steps: Record<SetupId, (facts: SetupFacts) => Seen> = {
  url: ({ origin }) => (isLoopback(origin) ? open(t.onlyHere(origin)) : done(t.reached(origin))),
  mail: ({ settings, mail }) => {
    const server = valueOf(settings, 'SMTP_URL');
    if (!server) return open(t.sandboxMail);
    if (mail.stuck !== null) return open(t.mailStuck(mail.stuck));
    return mail.hasSent ? done(t.mailLeft(server)) : unseen(t.noMailYet(server));
  },
  keys: ({ settings }) =>
    unseen(
      settings.some(({ name, origin }) => name === 'FLOWCEPT_KEYS' && origin === 'environment')
        ? t.keysInEnvironment
        : t.keysInFile,
    ),
  google: ({ settings }) => {
    const setting = settings.find(({ name }) => name === 'GOOGLE_CLIENT_ID');
    if (!setting) return unseen(t.noGoogleHere);
    return setting.origin === 'environment' ? done(t.googleIsSet) : open(t.googleIsNot);
  },
  operator: ({ operators }) => (operators > 1 ? done(t.operators(operators)) : open(t.oneOperator)),
};

/** The steps from a first start to a deployment that others can rely on. */
export function setupSteps(facts: SetupFacts): SetupStep[] {
  return setupIds.map((id) => ({ id, ...steps[id](facts) }));
}

const done = (text: string): Seen => ({ state: 'done', text });
const open = (text: string): Seen => ({ state: 'open', text });
const unseen = (text: string): Seen => ({ state: 'unseen', text });

function valueOf(settings: readonly SettingItem[], wanted: string): string | null {
  return settings.find(({ name }) => name === wanted)?.value ?? null;
}

function isLoopback(origin: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname);
}
