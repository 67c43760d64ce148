import { useNavigate } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { isProblem } from '../../client/problem.ts';
import { keepToken } from '../shell/link-token.ts';

const offered = z.object({ reopen: z.string(), erasedAt: z.string() });

/** A sign-in to a closing account is refused with the way back into it: that is where it goes on. Any other failure is thrown on. */
export function useReopening() {
  const navigate = useNavigate();
  return async (error: unknown): Promise<void> => {
    const offer = isProblem(error, 'account-closing') ? offered.safeParse(error.members) : null;
    if (!offer?.success) throw error;
    keepToken('/sign-in/reopen', offer.data.reopen);
    await navigate({ to: '/sign-in/reopen', search: { erasedAt: offer.data.erasedAt } });
  };
}
