import type { Site } from '../probe/check-context.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import type { MongoFacts } from '../probe/mongo-facts.ts';

/** What a securely configured MongoDB must not permit. ASVS 13.2.1 to 13.2.3. */
const rules: readonly { fault: string; broken(facts: MongoFacts, site: Site): boolean }[] = [
  {
    fault: 'The database accepts connections without a password.',
    broken: ({ unauthenticatedRefused }) => !unauthenticatedRefused,
  },
  {
    fault: 'The database accepts a wrong password.',
    broken: ({ wrongPasswordRefused }) => !wrongPasswordRefused,
  },
  {
    fault: 'The application’s account can use other databases.',
    broken: ({ otherDatabaseRefused }) => !otherDatabaseRefused,
  },
  {
    fault: 'The application’s account can create accounts.',
    broken: ({ createUserRefused }) => !createUserRefused,
  },
  {
    fault: 'The application’s account has roles besides reading and writing this database.',
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
  title:
    'The database rejects unauthenticated connections, and the application’s account has least privilege',
  method: 'TEST',
  vantage: 'internal',
  ...fourTimesADay,
  limits:
    'Personal accounts and administrators of the database, and TLS to a database on this machine',
  async examine(context) {
    const facts = await context.mongo();
    const faults = rules
      .filter(({ broken }) => broken(facts, context.site))
      .map(({ fault }) => fault);
    const tls = facts.tls ? 'encrypted with TLS' : 'local to this machine';
    const holds = `Connections without a password or with a wrong one were rejected. The account’s roles are ${facts.roles.join(', ')}, and it was denied everything else that was tried. The connection is ${tls}.`;
    return judge({ faults, holds, examined: rules.length });
  },
  controls: [
    {
      where: 'database without a password',
      tamper: { mongo: (facts) => ({ ...facts, unauthenticatedRefused: false }) },
    },
    {
      where: 'wrong password accepted',
      tamper: { mongo: (facts) => ({ ...facts, wrongPasswordRefused: false }) },
    },
    {
      where: 'account with access to other databases',
      tamper: { mongo: (facts) => ({ ...facts, otherDatabaseRefused: false }) },
    },
    {
      where: 'account that can create accounts',
      tamper: { mongo: (facts) => ({ ...facts, createUserRefused: false }) },
    },
    {
      where: 'account with one extra role',
      tamper: { mongo: (facts) => ({ ...facts, roles: [...facts.roles, 'dbAdmin@admin'] }) },
    },
    {
      where: 'unencrypted connection',
      tamper: { mongo: (facts) => ({ ...facts, tls: false }) },
      on: ({ database }) => !database.loopback,
    },
  ],
};

function hasOtherRoles({ roles }: MongoFacts, { database }: Site): boolean {
  return roles.join() !== `readWrite@${database.name}`;
}
