/** The negative controls of a check: how many it detected, then each by itself. */
export function Caught({ saw }: { saw: string }) {
  const [count = '', ...each] = saw.split('\n');
  if (each.length === 0) return <p>{count}</p>;
  return (
    <>
      <p>{count}</p>
      <ul className="fc-bullets">
        {each.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}
