import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** One request that must succeed. */
export async function ask(url, init = {}) {
  const { status, headers, text } = await exchange(url, init);
  if (status >= 300) throw new Error(`${init.method ?? 'GET'} ${url}: ${status} ${text}`);
  return { headers, body: text === '' ? null : JSON.parse(text) };
}

function exchange(url, init) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: init.method, headers: init.headers }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece)).on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    // An idle connection can be closed just as it is reused; the server has not seen the request
    // then.
    sent.on('error', (error) =>
      sent.reusedSocket && error.code === 'ECONNRESET'
        ? resolve(exchange(url, init))
        : reject(error),
    );
    sent.end(init.body);
  });
}

/** The cookies that a browser would send back. */
export function cookieOf({ headers }) {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}
