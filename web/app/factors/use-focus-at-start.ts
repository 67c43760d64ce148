import { useEffect, useRef, type RefObject } from 'react';

/** Focuses the heading that replaces the pressed button. */
export function useFocusAtStart(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}
