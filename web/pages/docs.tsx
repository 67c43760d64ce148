import { Prose } from '../ui/prose.tsx';
import { ApiOperation } from './api-operation.tsx';
import { messages } from './messages.ts';
import { operationShape, type Operation } from './operation-shape.ts';

const t = messages.docs;

/** An OpenAPI 3.1 document. Its operations are `unknown` until a schema has validated them. */
export interface OpenApiLike {
  info: { title: string; version: string; description?: string | undefined };
  paths: Record<string, Record<string, unknown>>;
  components?: unknown;
}

interface Entry {
  id: string;
  method: string;
  path: string;
  operation: Operation;
}

/** The API reference on one page, which the browser can search. */
export function ApiReferencePage({ document }: { document: OpenApiLike }) {
  const areas = byArea(document);
  return (
    <div className="fc-page">
      <header className="fc-stack">
        <h1>{t.title}</h1>
        {document.info.description !== undefined && <p>{document.info.description}</p>}
        <p>
          {t.lead} <a href="/problems">{messages.problems.all}</a>
        </p>
        <p className="fc-muted">
          {t.version(document.info.version)} · <a href="/openapi.json">{t.json}</a>
        </p>
      </header>
      <Contents entries={[...areas.values()].flat()} />
      {[...areas].map(([area, entries]) => (
        <section key={area} className="fc-page-section">
          <h2>{area}</h2>
          {entries.map((entry) => (
            <ApiOperation key={entry.id} {...entry} root={document} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Contents({ entries }: { entries: readonly Entry[] }) {
  return (
    <nav className="fc-contents" aria-label={t.contents}>
      <ul>
        {entries.map(({ id, method, path, operation }) => (
          <li key={id}>
            <a className="fc-target" href={`#${id}`}>
              <code>
                {method} {path}
              </code>
            </a>
            <span className="fc-muted fc-small">
              <Prose text={operation.summary ?? ''} />
            </span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Operations by the first segment of their path, in the order of the document. */
function byArea({ paths }: OpenApiLike): Map<string, Entry[]> {
  const areas = new Map<string, Entry[]>();
  for (const [path, methods] of Object.entries(paths)) {
    const area = /^(?:\/api)?\/([^/]+)/.exec(path)?.[1] ?? path;
    const entries = Object.entries(methods).map(([method, operation]) =>
      entryOf(path, method, operation),
    );
    areas.set(area, [...(areas.get(area) ?? []), ...entries]);
  }
  return areas;
}

function entryOf(path: string, method: string, operation: unknown): Entry {
  const id = `${method}${path.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
  return { id, method: method.toUpperCase(), path, operation: operationShape.parse(operation) };
}
