import { useEffect, type ReactNode } from 'react';
import { messages } from '../messages.ts';

interface PageProps {
  title: string;
  /** The heading, if it differs from the title. */
  heading?: ReactNode;
  /** What is shown directly below the heading. */
  lead?: ReactNode;
  /** Narrow pages have a single purpose. */
  narrow?: boolean;
  children: ReactNode;
}

/** A screen: the title of the tab, and the only h1, which takes the focus after a navigation. */
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
