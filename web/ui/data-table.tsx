import type { ReactNode } from 'react';

interface DataTableProps<Name extends string> {
  /** What is listed, for who hears the table. */
  label: string;
  /** The columns by name, in their order; the first says what a row is about. */
  columns: Readonly<Record<Name, string>>;
  rows: readonly { id: string; cells: Readonly<Record<Name, ReactNode>> }[];
}

/** Rows under columns; on a phone each row is a card. */
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
