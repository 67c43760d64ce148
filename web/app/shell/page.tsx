import { useEffect, type ReactNode } from 'react';
import { messages } from '../messages.ts';

interface PageProps {
  title: string;
  /** The heading, where it says more than the title. */
  heading?: ReactNode;
  /** What stands right under the heading. */
  lead?: ReactNode;
  /** Narrow pages ask for one thing. */
  narrow?: boolean;
  children: ReactNode;
}

/** One screen: its title in the tab, and the one h1, where the focus lands after a navigation. */
export function Page({ title, heading = title, lead, narrow = false, children }: PageProps) {
  useEffect(() => {
    document.title = messages.title(title);
  }, [title]);
  return (
    <div className={narrow ? 'fc-screen fc-screen-narrow' : 'fc-screen'}>
      <div className="fc-screen-head">
        <h1 tabIndex={-1}>{heading}</h1>
        {lead}
      </div>
      {children}
    </div>
  );
}
