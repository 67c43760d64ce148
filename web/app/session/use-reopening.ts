import { useNavigate } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { isProblem } from '../../client/problem.ts';
import { keepToken } from '../shell/link-token.ts';

const offered = z.object({ reopen: z.string(), erasedAt: z.string() });

/**
 * A sign-in to an account that is scheduled for deletion is refused with a token that restores it:
 * the user continues there. Any other failure is rethrown.
 */
export function useReopening() {
  const navigate = useNavigate();
  return async (error: unknown): Promise<void> => {
    const offer = isProblem(error, 'account-closing') ? offered.safeParse(error.members) : null;
    if (!offer?.success) throw error;
    keepToken('/sign-in/reopen', offer.data.reopen);
    await navigate({ to: '/sign-in/reopen', search: { erasedAt: offer.data.erasedAt } });
  };
}
