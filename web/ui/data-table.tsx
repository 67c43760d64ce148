import type { ReactNode } from 'react';

interface DataTableProps<Name extends string> {
  /** What the table lists, for users of screen readers. */
  label: string;
  /** The columns by name, in order. The first names the subject of the row. */
  columns: Readonly<Record<Name, string>>;
  rows: readonly { id: string; cells: Readonly<Record<Name, ReactNode>> }[];
}

/** A table whose rows become cards on a phone. */
export function DataTable<Name extends string>({ label, columns, rows }: DataTableProps<Name>) {
  const [first, ...others] = Object.keys(columns) as Name[];
  if (first === undefined) return null;
  return (
    <table className="fc-data" aria-label={label}>
      <thead>
        <tr>
          {[first, ...others].map((name) => (
            <th key={name} scope="col">
              {columns[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, cells }) => (
          <tr key={id}>
            <th scope="row">{cells[first]}</th>
            {others.map((name) => (
              <td key={name} data-label={columns[name]}>
                {cells[name]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
