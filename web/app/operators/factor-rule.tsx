import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import {
  factorRuleAnswer,
  factorRuleShape,
  type FactorRuleView,
} from '../../../src/api/operators.ts';
import { call } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { useAsking, type Asking } from '../forms/asking.ts';
import { messages } from '../messages.ts';
import { factorRuleQuery } from './queries.ts';
import { Section } from './section.tsx';

const t = messages.operators.factors;
const usualGrace = 14;

/**
 * Whether every account needs two-factor authentication, how many have it, and the button that
 * requires it.
 */
export function FactorRule() {
  const rule = useQuery(factorRuleQuery);
  const asking = useAsking();
  return (
    <Section
      title={t.title}
      lead={t.lead}
      empty={t.none}
      query={rule}
      count={rule.data && 1}
      asking={asking}
    >
      {rule.data && <LogState rule={rule.data} />}
      {rule.data?.from === null && <Require ask={asking.ask} />}
      {rule.data?.from && (
        <div>
          <Button look="danger" onPress={() => asking.ask(stopping)}>
            {t.stop}
          </Button>
        </div>
      )}
    </Section>
  );
}

function LogState({
  rule: { from, accounts, enrolled, operators, enrolledOperators },
}: {
  rule: FactorRuleView;
}) {
  return (
    <KeyValue
      facts={[
        {
          label: t.policy,
          value:
            from === null ? (
              t.notRequired
            ) : (
              <>
                {t.from} <Time at={from} />
              </>
            ),
        },
        { label: t.accounts, value: t.have(enrolled, accounts) },
        { label: t.operators, value: t.have(enrolledOperators, operators) },
      ]}
    />
  );
}

function Require({ ask }: { ask: Asking['ask'] }) {
  const [error, setError] = useState<string>();
  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('graceDays');
    const checked = factorRuleShape.safeParse({
      required: true,
      graceDays: Number(typed === '' ? Number.NaN : typed),
    });
    setError(checked.success ? undefined : checked.error.issues[0]?.message);
    if (checked.success) ask(requiring(checked.data.graceDays));
  }
  return (
    <form className="fc-search" onSubmit={onSubmit} noValidate>
      <Field label={t.grace} hint={t.graceHint} error={error}>
        {(wiring) => (
          <Input
            {...wiring}
            name="graceDays"
            type="number"
            min={0}
            max={90}
            defaultValue={usualGrace}
            inputMode="numeric"
          />
        )}
      </Field>
      <Button type="submit" look="primary">
        {t.require}
      </Button>
    </form>
  );
}

const set = (body: { required: boolean; graceDays: number }) => () =>
  call({ method: 'PUT', path: '/api/operator/second-factor', body, answer: factorRuleAnswer });

const requiring = (graceDays: number): Act => ({
  title: t.requireTitle,
  text: t.requireText(graceDays),
  submit: t.require,
  run: set({ required: true, graceDays }),
  done: t.isRequired,
});

const stopping: Act = {
  title: t.stopTitle,
  text: t.stopText,
  submit: t.stop,
  danger: true,
  run: set({ required: false, graceDays: 0 }),
  done: t.stopped,
};
