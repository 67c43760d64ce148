import type { Canary } from '../../probe/canary.ts';
import type { Route } from '../../probe/check-context.ts';

type Owner = Pick<Canary, 'email' | 'name' | 'password'>;

/** A value that a user would enter into a field of this name. */
const plausible: Record<string, (owner: Owner) => unknown> = {
  email: ({ email }) => email,
  name: ({ name }) => name,
  password: ({ password }) => password,
  current: ({ password }) => password,
  next: ({ password }) => `${password} and more`,
  code: () => '000000',
  stay: () => false,
};

/** Invalid values by field. Each is rejected for its form alone, whatever the rest of the body. */
export const implausible: Readonly<Record<string, string>> = {
  email: 'no-account',
  name: ' ',
  code: '12',
  password: 'x'.repeat(600),
};

/** A body that this route accepts in form. Its IDs and tokens belong to no account. */
export function plausibleBody({ body }: Route, owner: Owner): Record<string, unknown> {
  const required = body?.fields.filter((field) => field.required) ?? [];
  return Object.fromEntries(
    required.map(({ name }) => [name, plausible[name]?.(owner) ?? owner.name]),
  );
}
