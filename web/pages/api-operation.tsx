import { Prose } from '../ui/prose.tsx';
import { fieldsOf, typeName, type ApiField } from './api-schema.ts';
import { messages } from './messages.ts';
import type { Content, Operation } from './operation-shape.ts';

const t = messages.docs;

interface ApiOperationProps {
  id: string;
  method: string;
  path: string;
  operation: Operation;
  /** The whole document, in which references are resolved. */
  root: unknown;
}

/** One method of one path: what it does, who may call it, its parameters and its answers. */
export function ApiOperation({ id, method, path, operation, root }: ApiOperationProps) {
  const { summary, description, security, parameters, requestBody, responses } = operation;
  const named = parameters.map(({ name, schema, required }) => ({
    name,
    type: typeName(schema, root),
    required: required === true,
  }));
  return (
    <article className="fc-operation" id={id} aria-label={`${method} ${path}`}>
      <h3>
        <code>
          <span className="fc-method">{method}</span> {path}
        </code>
      </h3>
      {summary !== undefined && (
        <p>
          <Prose text={summary} />
        </p>
      )}
      {description !== undefined && (
        <p className="fc-muted">
          <Prose text={description} />
        </p>
      )}
      <p className="fc-muted fc-small">{whoMay(security)}</p>
      <Fields title={t.parameters} fields={named} />
      <Fields title={t.body} fields={fieldsOf(jsonSchema(requestBody?.content), root)} />
      <Answers responses={responses} root={root} />
    </article>
  );
}

function whoMay(security: Operation['security'] = []): string {
  return security.length === 0 ? t.anyone : t.needs(security.flatMap((way) => Object.keys(way)));
}

function Fields({ title, fields }: { title: string; fields: readonly ApiField[] }) {
  if (fields.length === 0) return null;
  return (
    <table className="fc-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.field}</th>
          <th scope="col">{t.type}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, type, required }) => (
          <tr key={name}>
            <td data-label={t.field}>
              <code>{name}</code>
            </td>
            <td data-label={t.type}>
              {type} <span className="fc-muted">({required ? t.required : t.optional})</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answers({ responses, root }: { responses: Operation['responses']; root: unknown }) {
  const answers = Object.entries(responses);
  if (answers.length === 0) return null;
  return (
    <table className="fc-table fc-table-answers">
      <caption>{t.answers}</caption>
      <thead>
        <tr>
          <th scope="col">{t.status}</th>
          <th scope="col">{t.answer}</th>
        </tr>
      </thead>
      <tbody>
        {answers.map(([status, { description, content }]) => (
          <tr key={status}>
            <td data-label={t.status}>{status}</td>
            <td data-label={t.answer}>
              {description}
              <FieldNames fields={fieldsOf(jsonSchema(content), root)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FieldNames({ fields }: { fields: readonly ApiField[] }) {
  if (fields.length === 0) return null;
  return (
    <ul className="fc-field-names">
      {fields.map(({ name, type }) => (
        <li key={name}>
          <code>{name}</code> <span className="fc-muted">{type}</span>
        </li>
      ))}
    </ul>
  );
}

/**
 * All problems have one schema, described once at the top of the page. Only successful answers are
 * listed.
 */
function jsonSchema(content: Content): unknown {
  return content?.['application/json']?.schema;
}
