/** What a check said of its negative controls: how many, and in the lines after it each by itself. */
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
