import { fourTimesADay, judge, type Check, type Control } from '../probe/check.ts';
import type { StorageFile } from '../probe/storage-files.ts';

const plainHead = 'SQLite format 3\u0000';

/** ASVS 11.3.3, 14.1.2. */
export const encryptionAtRest: Check = {
  id: 'encryption-at-rest',
  version: '1',
  title: 'The database file reveals nothing without its key',
  method: 'EXAMINE',
  vantage: 'internal',
  ...fourTimesADay,
  limits: 'The disk under the file, copies made by other programs, and who has the key',
  async examine(context) {
    const { email, name } = await context.member();
    const files = await context.storageFiles([email, name]);
    const database = files.filter(({ suffix }) => suffix === '');
    const blind = files.filter(({ sighted }) => !sighted);
    const faults = [
      ...database
        .filter(({ head }) => head === plainHead)
        .map(() => 'The database file is a plain SQLite file.'),
      ...database.filter(({ opens }) => opens).map(() => 'The database file opens without a key.'),
      ...files
        .filter(({ found }) => found.length > 0)
        .map(
          ({ suffix }) =>
            `An email address or name that was just stored is readable in the file *${suffix}.`,
        ),
    ];
    const holds = `None of ${files.length} files contains an email address that was just stored, and the database does not open without its key.`;
    return judge({
      faults,
      holds,
      examined: database.length === 0 ? 0 : files.length - blind.length,
      population: files.length,
    });
  },
  controls: [
    onFile('', 'file with the header of plain SQLite', (file) => ({ ...file, head: plainHead })),
    onFile('', 'file that opens without a key', (file) => ({ ...file, opens: true })),
    onFile('', 'file with a readable email address', (file) => ({
      ...file,
      found: ['an address'],
    })),
    onFile('-wal', 'newest pages not encrypted', (file) => ({
      ...file,
      found: ['an address'],
    })),
  ],
};

function onFile(
  suffix: string,
  where: string,
  change: (file: StorageFile) => StorageFile,
): Control {
  return {
    where,
    tamper: {
      storageFiles: (files) => files.map((file) => (file.suffix === suffix ? change(file) : file)),
    },
  };
}
