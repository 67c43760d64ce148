import type { CheckResponse } from '../../probe/exchange.ts';
import type { Tamper } from '../../probe/recording.ts';

/** Negative control: changes responses whose path ends like this, of one visitor or all, the nth or each. */
export function answering(
  end: string,
  change: (answer: CheckResponse) => Partial<CheckResponse>,
  { visitor = '', nth }: { visitor?: string; nth?: number } = {},
): Tamper {
  return {
    answer: (answer, question) => {
      const { asked } = question;
      const isMeant =
        asked.endsWith(end) &&
        asked.startsWith(visitor) &&
        (nth === undefined || nth === question.nth);
      return isMeant ? { ...answer, ...change(answer) } : answer;
    },
  };
}

/** Negative control: changes some responses to this status. */
export function answeringStatus(
  end: string,
  status: number,
  only: { visitor?: string; nth?: number } = {},
): Tamper {
  return answering(end, () => ({ status }), only);
}

export function withoutHeader({ headers }: CheckResponse, name: string): CheckResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
}

/** Negative control that knows the secrets which the check generated. */
export function knowing(make: (secrets: readonly string[]) => Tamper): () => Tamper {
  return () => {
    const secrets: string[] = [];
    const listen: Tamper['word'] = (word, { asked }) => {
      if (asked === 'a secret') secrets.push(word);
      return word;
    };
    return { ...make(secrets), word: listen };
  };
}
