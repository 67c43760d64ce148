import { useMutation } from '@tanstack/react-query';
import { z } from 'zod/mini';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { Time } from '../ui/time.tsx';
import { call } from './api.ts';
import { ProblemCallout } from './problem-callout.tsx';
import { isProblem } from './problem.ts';
import { words } from './words.ts';

const say = words.reopen;
const offered = z.object({ reopen: z.string(), erasedAt: z.string() });

/** What a sign-in to a closing account offers; `null` for any other failure. */
export function reopeningIn(error: Error | null): z.infer<typeof offered> | null {
  const read = isProblem(error, 'account-closing') ? offered.safeParse(error.members) : null;
  return read?.success ? read.data : null;
}

/** The way back into an account that is being closed. */
export function ReopenAccount({ reopen, erasedAt }: z.infer<typeof offered>) {
  const opening = useMutation({
    mutationFn: () => call({ method: 'POST', path: '/api/account/reopen', body: { token: reopen }, answer: z.object({}) }),
  });
  if (opening.isSuccess) return <Callout tone="good" role="status" title={say.doneTitle}><p>{say.done}</p></Callout>;
  return (
    <Callout tone="warn" role="alert" title={say.title}>
      <p>{say.text} <Time at={erasedAt} /></p>
      {opening.error && <ProblemCallout error={opening.error} />}
      <Button busy={opening.isPending ? say.busy : undefined} onPress={() => opening.mutate()}>{say.submit}</Button>
    </Callout>
  );
}
