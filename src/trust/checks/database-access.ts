import type { Site } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import type { MongoFacts } from '../probe/mongo-facts.ts';

/** What a securely configured MongoDB must not permit. ASVS 13.2.1 to 13.2.3. */
const rules: readonly { fault: string; broken(facts: MongoFacts, site: Site): boolean }[] = [
  {
    fault: 'The database answers without a password.',
    broken: ({ unauthenticatedRefused }) => !unauthenticatedRefused,
  },
  {
    fault: 'The database answers to a wrong password.',
    broken: ({ wrongPasswordRefused }) => !wrongPasswordRefused,
  },
  {
    fault: 'The application’s account may use other databases.',
    broken: ({ otherDatabaseRefused }) => !otherDatabaseRefused,
  },
  {
    fault: 'The application’s account may make accounts.',
    broken: ({ createUserRefused }) => !createUserRefused,
  },
  {
    fault: 'The application’s account has other roles than to read and write this database.',
    broken: hasOtherRoles,
  },
  {
    fault: 'The connection to the database is not encrypted.',
    broken: ({ tls }, { database }) => !tls && !database.loopback,
  },
];

export const databaseAccess: Check = {
  id: 'database-access',
  version: '1',
  title: 'The database refuses strangers, and lets the application do only its work',
  method: 'TEST',
  vantage: 'internal',
  ...fourTimesADay,
  limits:
    'Accounts of people, and whoever runs the database. A database on this machine is not asked for TLS.',
  async examine(context) {
    const facts = await context.mongo();
    const faults = rules
      .filter(({ broken }) => broken(facts, context.site))
      .map(({ fault }) => fault);
    const tls = facts.tls ? 'over TLS' : 'on this machine';
    const holds = `Without or with a wrong password nothing is answered; the account may ${facts.roles.join(', ')} and was refused the rest; ${tls}.`;
    return judge({ faults, holds, examined: rules.length });
  },
  controls: [
    {
      where: 'that asks nobody for a password',
      tamper: { mongo: (facts) => ({ ...facts, unauthenticatedRefused: false }) },
    },
    {
      where: 'that takes a wrong password',
      tamper: { mongo: (facts) => ({ ...facts, wrongPasswordRefused: false }) },
    },
    {
      where: 'that lets the account into other databases',
      tamper: { mongo: (facts) => ({ ...facts, otherDatabaseRefused: false }) },
    },
    {
      where: 'that lets the account make others',
      tamper: { mongo: (facts) => ({ ...facts, createUserRefused: false }) },
    },
    {
      where: 'whose account has one role more',
      tamper: { mongo: (facts) => ({ ...facts, roles: [...facts.roles, 'dbAdmin@admin'] }) },
    },
    {
      where: 'that speaks in the clear',
      tamper: { mongo: (facts) => ({ ...facts, tls: false }) },
      on: ({ database }) => !database.loopback,
    },
  ],
};

function hasOtherRoles({ roles }: MongoFacts, { database }: Site): boolean {
  return roles.join() !== `readWrite@${database.name}`;
}
