import type { ReactNode } from 'react';
import type { Status } from '../../src/api/trust.ts';

export type IconName =
  | Status
  | 'info'
  | 'warning'
  | 'waiting'
  | 'mail'
  | 'device'
  | 'arrow'
  | 'outside'
  | 'home'
  | 'person'
  | 'list';

const ring = <circle cx="8" cy="8" r="6.25" />;

/** 16 × 16, in the colour of the text. Statuses differ in shape as well as colour. */
const drawings: Record<IconName, ReactNode> = {
  verified: (
    <>
      {ring}
      <path d="m5.4 8.2 1.8 1.8 3.4-3.8" />
    </>
  ),
  failing: <path d="M5.6 1.9h4.8l3.7 3.7v4.8l-3.7 3.7H5.6l-3.7-3.7V5.6zM6 6l4 4m0-4-4 4" />,
  unverified: (
    <>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 1.53" />
      <path d="M6.3 6.3a1.75 1.75 0 1 1 2.5 1.6c-.5.25-.8.55-.8 1.1m0 1.95v.05" />
    </>
  ),
  attested: <path d="M2.5 13.75h11M4.25 10.75l.5-2.5 5.4-5.4a1.4 1.4 0 0 1 2 2l-5.4 5.4z" />,
  inherited: <path d="M3.25 2.25v4.5a3 3 0 0 0 3 3h6.5m-3-3.25 3.25 3.25-3.25 3.25" />,
  'in-progress': (
    <>
      {ring}
      <path d="M8 4.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor" stroke="none" />
    </>
  ),
  overdue: (
    <>
      {ring}
      <path d="M8 4.5V8l2.25 1.5" />
    </>
  ),
  'not-applicable': (
    <>
      {ring}
      <path d="M5.5 8h5" />
    </>
  ),
  warning: <path d="M8 2 1.75 13.25h12.5zM8 6.25v3.25m0 1.75v.05" />,
  waiting: ring,
  info: (
    <>
      {ring}
      <path d="M8 7.25v3.5m0-5.8v.05" />
    </>
  ),
  mail: <path d="M2 3.75h12v8.5H2zm.25.5L8 8.75l5.75-4.5" />,
  device: <path d="M3 3.25h10v7H3zm-1.5 9.5h13" />,
  arrow: <path d="M3 8h10M9.25 4.25 13 8l-3.75 3.75" />,
  home: <path d="m2 7.75 6-5.25 6 5.25M3.75 6.5v7h3v-4h2.5v4h3v-7" />,
  person: (
    <>
      <circle cx="8" cy="5.25" r="2.75" />
      <path d="M2.5 13.75a5.5 5.5 0 0 1 11 0" />
    </>
  ),
  list: <path d="M5.75 3.5h8m-8 4.5h8m-8 4.5h8M2.5 3.5h.05M2.5 8h.05m-.05 4.5h.05" />,
  outside: <path d="M6.5 3.25H3.25v9.5h9.5V9.5M9.5 3.25h3.25V6.5M12.5 3.5 7.75 8.25" />,
};

/** Hidden from assistive technology, because the text beside it says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="fc-icon"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
