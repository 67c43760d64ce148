import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { messages } from '../messages.ts';
import { ProblemCallout } from './problem-callout.tsx';

const t = messages.act;

export interface Act {
  title: string;
  /** What the action does, and what it removes. */
  text: string;
  submit: string;
  danger?: boolean;
  run: () => Promise<unknown>;
  /** The result, in a sentence. */
  done: string;
  /** Called with `done` instead of showing it, after the dialog has closed. */
  next?: (done: string) => void;
}

interface ActDialogProps {
  act: Act;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

/** Asks for confirmation before an action. */
export function ActDialog({ act, onDone, onClose }: ActDialogProps) {
  const queryClient = useQueryClient();
  const doing = useMutation({
    mutationFn: act.run,
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone(act.done);
    },
  });
  return (
    <Dialog title={act.title} onClose={onClose}>
      <p>{act.text}</p>
      {doing.error && <ProblemCallout error={doing.error} />}
      <div className="fc-row">
        <Button
          look={act.danger ? 'danger' : 'primary'}
          busy={doing.isPending ? t.busy : undefined}
          onPress={() => doing.mutate()}
        >
          {act.submit}
        </Button>
        <Button onPress={onClose}>{t.cancel}</Button>
      </div>
    </Dialog>
  );
}
