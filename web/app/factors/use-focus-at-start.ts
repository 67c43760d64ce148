import { useEffect, useRef, type RefObject } from 'react';

/** For the heading of what takes the place of what was pressed. */
export function useFocusAtStart(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}
