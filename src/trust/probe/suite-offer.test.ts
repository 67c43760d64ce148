import { expect, it } from 'vitest';
import { protocolVersion, readAnswer } from './suite-offer.ts';

const warning = Buffer.from([21, 3, 3, 0, 2, 1, 112]);
/** A ServerHello that chose suite 0xc02b; its session ID has this length. */
const serverHello = (idLength: number): Buffer =>
  Buffer.concat([
    Buffer.from([22, 3, 3, 0, 40 + idLength, 2, 0, 0, 36 + idLength, 3, 3]),
    Buffer.alloc(32, 7),
    Buffer.from([idLength]),
    Buffer.alloc(idLength, 9),
    Buffer.from([0xc0, 0x2b, 0]),
  ]);

it.each([0, 32])('reads the chosen suite after a session ID of %i bytes', (idLength) => {
  expect(readAnswer(serverHello(idLength))).toEqual({ chosen: 0xc02b, alert: null });
});

it('waits until the chosen suite has arrived', () => {
  const whole = serverHello(32);
  for (let length = 0; length < whole.length - 1; length += 1)
    expect(readAnswer(whole.subarray(0, length))).toBe(null);
});

it('reads the alert of a rejection, and skips a warning before the answer', () => {
  const rejected = { chosen: null, alert: protocolVersion };
  const alert = Buffer.from([21, 3, 1, 0, 2, 2, protocolVersion]);
  expect(readAnswer(alert)).toEqual(rejected);
  expect(readAnswer(Buffer.concat([warning, alert]))).toEqual(rejected);
  expect(readAnswer(Buffer.concat([warning, serverHello(0)]))).toMatchObject({ chosen: 0xc02b });
});

it('has no result for a server that does not speak TLS', () => {
  expect(() => readAnswer(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow('not respond in TLS');
});
