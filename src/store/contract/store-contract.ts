import { describe } from 'vitest';
import { accountChangesContract } from './account-changes.ts';
import { accountsContract } from './accounts.ts';
import { authorityContract } from './authority.ts';
import { challengesContract } from './challenges.ts';
import { closingContract } from './closing.ts';
import { deploymentContract } from './deployment.ts';
import { eventsContract } from './events.ts';
import { factorRecoveriesContract } from './factor-recoveries.ts';
import { factorRuleContract } from './factor-rule.ts';
import { factorsContract } from './factors.ts';
import { flowsContract } from './flows.ts';
import { identitiesContract } from './identities.ts';
import { limitsContract } from './limits.ts';
import { mailContract } from './mail.ts';
import type { Open } from './opened.ts';
import { sessionsContract } from './sessions.ts';
import { trustContract } from './trust.ts';
import { undosContract } from './undos.ts';

const sections = {
  Deployment: deploymentContract,
  Accounts: accountsContract,
  'Changes of accounts': accountChangesContract,
  Undoing: undosContract,
  Closing: closingContract,
  'People at providers': identitiesContract,
  'Ways to providers and back': flowsContract,
  Activity: eventsContract,
  Challenges: challengesContract,
  Sessions: sessionsContract,
  'Second factors': factorsContract,
  'Lost factors': factorRecoveriesContract,
  'A second factor for all': factorRuleContract,
  Limits: limitsContract,
  Mail: mailContract,
  'On behalf of a principal': authorityContract,
  Trust: trustContract,
} satisfies Record<string, (open: Open) => void>;

/**
 * Everything that the port guarantees, as tests that both adapters must pass. `open` returns a new, empty database each
 * time.
 */
export function storeContract(open: Open): void {
  for (const [name, section] of Object.entries(sections)) describe(name, () => section(open));
}
