/** One request that must succeed. */
export async function ask(url, init) {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init?.method ?? 'GET'} ${url}: ${answer.status} ${text}`);
  return { headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
}

/** What a browser would send back. */
export function cookieOf({ headers }) {
  return headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}
