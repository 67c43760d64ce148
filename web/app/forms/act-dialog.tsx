import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { messages } from '../messages.ts';
import { ProblemCallout } from './problem-callout.tsx';

const t = messages.act;

export interface Act {
  title: string;
  /** What it does, and what goes by it. */
  text: string;
  submit: string;
  danger?: boolean;
  run: () => Promise<unknown>;
  /** How it went, in a sentence. */
  done: string;
}

interface ActDialogProps {
  act: Act;
  onDone: (sentence: string) => void;
  onClose: () => void;
}

/** Asks once more before something is done. */
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
