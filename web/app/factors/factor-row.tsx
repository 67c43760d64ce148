import type { FactorsView } from '../../../src/api/two-factor.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { words } from '../messages.ts';

const say = words.factors;

interface FactorRowProps {
  factor: FactorsView['items'][number];
  isLast: boolean;
  ask: (act: Act) => void;
}

/** One second factor: what, since when and used when, and the way to be rid of it. */
export function FactorRow({ factor, isLast, ask }: FactorRowProps) {
  const { id, type, name, createdAt, lastUsedAt, signsInAlone } = factor;
  const now = new Date();
  const title = `factor-${id}`;
  const removal: Act = {
    title: say.removeTitle(name),
    text: isLast ? say.removeLast : say.removeOne,
    submit: say.remove,
    danger: true,
    run: () =>
      call({ method: 'DELETE', path: `/api/factors/${encodeURIComponent(id)}`, answer: noAnswer }),
    done: say.removed(name),
  };
  return (
    <li className="fc-device" aria-labelledby={title}>
      <div className="fc-device-head">
        <h3 id={title}>{name}</h3>
        {name !== say.types[type] && <Badge>{say.types[type]}</Badge>}
      </div>
      <KeyValue
        facts={[
          { label: say.addedAt, value: <Time at={createdAt} now={now} /> },
          {
            label: say.usedAt,
            value: lastUsedAt === null ? say.notUsed : <Time at={lastUsedAt} now={now} />,
          },
        ]}
      />
      {type === 'passkey' && !signsInAlone && <p className="fc-muted">{say.secondStepOnly}</p>}
      <Button describedBy={title} onPress={() => ask(removal)}>
        {say.remove}
      </Button>
    </li>
  );
}
