import { useMutation } from '@tanstack/react-query';
import { call, noAnswer } from '../../client/api.ts';
import { forgetFactorDue } from '../session/factor-due.ts';
import { forgetPending } from '../session/pending-challenge.ts';

/** Signs this device out. A full page load follows, so that no data of the user stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => call({ method: 'POST', path: '/api/sign-out', answer: noAnswer }),
    onSuccess: () => {
      forgetPending();
      forgetFactorDue();
      window.location.assign('/sign-in?notice=signed-out');
    },
  });
}
