import type { FactorRule } from '../../records/two-factor.ts';
import type { FactorRuleStore } from '../port/factor-rule.ts';
import type { AccountDocument } from './document-types.ts';
import { documentVersion } from './documents.ts';
import { recordEvent } from './events.ts';
import { anyOf, notMembersOf, present } from './filters.ts';
import type { Models } from './models.ts';
import { transaction } from './transaction.ts';

type Setting = Parameters<FactorRuleStore['setFactorRule']>[0];

const ruleId = 'second-factor';

async function findFactorRule({ rules }: Models): Promise<FactorRule | null> {
  const found = await rules.findById(ruleId).lean();
  return found && { from: found.from };
}

/**
 * From when on enrolment is required for each of these accounts; those without a requirement are absent. Reads factors
 * only if there is a rule.
 */
export async function enrolmentRequiredFrom(
  models: Models,
  accounts: readonly Pick<AccountDocument, '_id'>[],
): Promise<Map<string, Date>> {
  const rule = await findFactorRule(models);
  if (rule === null) return new Map();
  const bound = accounts.map(({ _id }) => _id);
  const enrolled = new Set(
    await models.factors.distinct('accountId', { accountId: anyOf(bound), confirmedAt: present() }),
  );
  return new Map(bound.filter((id) => !enrolled.has(id)).map((id) => [id, rule.from]));
}

function setFactorRule(models: Models, { rule, event }: Setting): Promise<boolean> {
  const { actorId: actor } = event;
  return transaction(models, ruleId, async (session) => {
    if (actor === null) return false;
    if (!(await models.accounts.exists({ _id: actor, operator: true }).session(session)))
      return false;
    if (
      !(await models.factors.exists({ accountId: actor, confirmedAt: present() }).session(session))
    )
      return false;
    const isSet = (await models.rules.exists({ _id: ruleId }).session(session)) !== null;
    if (isSet === (rule !== null)) return true;
    if (rule === null) await models.rules.deleteOne({ _id: ruleId }, { session });
    else await models.rules.create([{ _id: ruleId, v: documentVersion, ...rule }], { session });
    await recordEvent(models, event, session);
    return true;
  });
}

async function countFactors(
  { accounts, factors }: Models,
  except: string | null,
): ReturnType<FactorRuleStore['countFactors']> {
  // Not `distinct`, whose result is one document and so limited to 16 MB.
  const enrolled = new Set<string>();
  for await (const { accountId } of factors
    .find({ confirmedAt: present() }, { accountId: 1 })
    .lean()
    .cursor())
    enrolled.add(accountId);
  const count = { accounts: 0, enrolled: 0, operators: 0, enrolledOperators: 0 };
  for await (const { _id, operator } of accounts
    .find(notMembersOf(except), { operator: 1 })
    .lean()
    .cursor()) {
    const has = enrolled.has(_id);
    count.accounts += 1;
    if (has) count.enrolled += 1;
    if (operator) count.operators += 1;
    if (operator && has) count.enrolledOperators += 1;
  }
  return count;
}

export function factorRuleSection(models: Models): FactorRuleStore {
  return {
    findFactorRule: () => findFactorRule(models),
    setFactorRule: (input) => setFactorRule(models, input),
    countFactors: (except) => countFactors(models, except),
  };
}
