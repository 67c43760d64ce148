import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { withSourcePositions } from './source-positions.ts';

export type Log = Logger;

/** Members that are redacted in the top three levels of a log object. ASVS 16.2.5. */
const secretMembers = [
  'password',
  'current',
  'next',
  'code',
  'token',
  'cookie',
  'authorization',
  'secret',
  'content',
  'passwordHash',
  'tokenHash',
  'codeHash',
];

export interface LogSink {
  write(line: string): void;
}

/** Creates a log that writes one JSON object per line. */
export function makeLog(level: Config['logLevel'], sink: LogSink): Log {
  const paths = secretMembers.flatMap((member) => [member, `*.${member}`, `*.*.${member}`]);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[redacted]' },
      serializers: { err: describeError },
    },
    sink,
  );
}

function describeError(error: Error): pino.SerializedError {
  const described = pino.stdSerializers.err(error);
  return { ...described, stack: withSourcePositions(described.stack) };
}

/** A sink that also keeps the latest lines in memory, so that a check can search them. */
export interface RememberedLog extends LogSink {
  lines(): readonly string[];
}

export function rememberLines(sink: LogSink, most = 5_000): RememberedLog {
  const kept: string[] = [];
  return {
    write(line) {
      kept.push(line);
      if (kept.length > most) kept.splice(0, most / 10);
      sink.write(line);
    },
    lines: () => kept,
  };
}
