import type { LogSink } from '../log.ts';
import { plain } from './plain-text.ts';

const words: Record<number, string> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' };
const omitted = new Set(['level', 'time', 'msg']);

/**
 * Creates the log sink: one JSON object per line, or readable lines on a terminal. A closed output stream does not
 * affect requests.
 */
export function terminal(stream: NodeJS.WriteStream): LogSink {
  stream.on('error', () => {});
  if (!stream.isTTY) return { write: (line) => void stream.write(line) };
  return { write: (line) => void stream.write(sentence(line)) };
}

function sentence(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(entry).filter(([name]) => !omitted.has(name));
  const details = rest
    .map(
      ([name, value]) =>
        ` ${name}=${plain(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
    .join('');
  return `${words[Number(entry['level'])] ?? ''}${plain(String(entry['msg']))}${details}\n`;
}
