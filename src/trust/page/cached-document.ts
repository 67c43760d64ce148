import type { TrustView } from '../../api/trust.ts';
import { publicDocument, type Representation } from '../../http/conditional.ts';
import type { CurrentView } from '../../services.ts';

interface Kept {
  document: Representation;
  /** Milliseconds: the time span in which the document is accurate. */
  from: number;
  until: number;
}

/** A document is dropped with its view, which is replaced when anything in it changes. */
const keptOf = new WeakMap<TrustView, Map<string, Kept>>();

/**
 * Returns a document derived from a view. It is created once and kept until the view is replaced or until `until`,
 * whichever comes first. `name` distinguishes the documents of one view.
 */
export function keptDocument(
  { view, until }: CurrentView,
  { name, now }: { name: string; now: Date },
  make: () => { document: Representation; until?: number },
): Representation {
  const kept = keptOf.get(view) ?? new Map<string, Kept>();
  keptOf.set(view, kept);
  const known = kept.get(name);
  const at = now.getTime();
  if (known && known.from <= at && at < known.until) return known.document;
  const made = make();
  kept.set(name, {
    document: made.document,
    from: at,
    until: Math.min(until.getTime(), made.until ?? Infinity),
  });
  return made.document;
}

/** The body of `GET /api/trust`. */
export function viewDocument(current: CurrentView, now: Date): Representation {
  return keptDocument(current, { name: 'json', now }, () => ({
    document: publicDocument(JSON.stringify(current.view), 'application/json'),
  }));
}
