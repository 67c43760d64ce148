import type { z } from 'zod/mini';
import type { FactorRuleView, factorRuleShape } from '../api/operators.ts';
import { limitedEvent } from '../audit/security-event.ts';
import { canaryDomain } from '../canary-addresses.ts';
import { addMs, day } from '../clock.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';

/** Returns the two-factor policy: from when it applies, if at all, and how many accounts have a second factor. */
export async function factorRule({
  store,
  clock,
}: Pick<Services, 'store' | 'clock'>): Promise<FactorRuleView> {
  const rule = await store.findFactorRule();
  return {
    from: rule && rule.from.toISOString(),
    ...(await store.countFactors(await canaryDomain({ store, clock }))),
  };
}

interface Change {
  principal: Principal;
  rule: z.infer<typeof factorRuleShape>;
  client: Client;
}

/**
 * Requires a second factor for every account after a grace period, or stops requiring it. An operator must have a
 * second factor to set this. While it is required, requiring it again changes nothing: to move the date, stop requiring
 * it first. ASVS 6.3.3; docs/decisions/012.
 * @throws Problem `conflict` for an operator without a second factor · `rate-limited`
 */
export async function requireFactor(
  deps: Pick<Services, 'store' | 'clock' | 'limiter'>,
  { principal: { account }, rule: { required, graceDays }, client }: Change,
): Promise<FactorRuleView> {
  const from = addMs(deps.clock.now(), graceDays * day);
  const action = required ? 'operator.factor-required' : 'operator.factor-lifted';
  const event = await limitedEvent(deps, {
    action,
    accountId: account.id,
    actorId: account.id,
    client,
    ...(required && { target: from.toISOString() }),
  });
  const set = await deps.store.setFactorRule({ rule: required ? { from } : null, event });
  if (!set)
    throw new Problem('conflict', {
      detail: 'Set up a second factor for your own account first.',
    });
  return factorRule(deps);
}
