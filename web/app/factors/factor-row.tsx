import type { FactorsView } from '../../../src/api/two-factor.ts';
import { call, noAnswer } from '../../client/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyValue } from '../../ui/key-value.tsx';
import { Time } from '../../ui/time.tsx';
import type { Act } from '../forms/act-dialog.tsx';
import { messages } from '../messages.ts';

const t = messages.factors;

interface FactorRowProps {
  factor: FactorsView['items'][number];
  isLast: boolean;
  ask: (act: Act) => void;
}

/** One second factor: its kind, when it was added and last used, and the button that removes it. */
export function FactorRow({ factor, isLast, ask }: FactorRowProps) {
  const { id, type, name, createdAt, lastUsedAt, signsInAlone } = factor;
  const now = new Date();
  const title = `factor-${id}`;
  const removal: Act = {
    title: t.removeTitle(name),
    text: isLast ? t.removeLast : t.removeOne,
    submit: t.remove,
    danger: true,
    run: () =>
      call({ method: 'DELETE', path: `/api/factors/${encodeURIComponent(id)}`, answer: noAnswer }),
    done: t.removed(name),
  };
  return (
    <li className="fc-device" aria-labelledby={title}>
      <div className="fc-device-head">
        <h3 id={title}>{name}</h3>
        {name !== t.types[type] && <Badge>{t.types[type]}</Badge>}
      </div>
      <KeyValue
        facts={[
          { label: t.addedAt, value: <Time at={createdAt} now={now} /> },
          {
            label: t.usedAt,
            value: lastUsedAt === null ? t.notUsed : <Time at={lastUsedAt} now={now} />,
          },
        ]}
      />
      {type === 'passkey' && !signsInAlone && <p className="fc-muted">{t.secondStepOnly}</p>}
      <Button describedBy={title} onPress={() => ask(removal)}>
        {t.remove}
      </Button>
    </li>
  );
}
