import { describe, expect, it } from 'vitest';
import { editedSources, modulesOf } from './apply.ts';
import { Sources } from './sources.ts';

const table = { greet: 'src/hello/greet.ts', save: 'src/store/sql/notes.ts', box: 'src/box.tsx' };
const greet = `import { shout } from './shout.ts';

/** Greets. */
export function greet(who: string, loud = false) {
  if (who === 'nobody') return null;
  const said = polish(\`Hello, \${who}!\`, 'plain');
  return loud ? shout(said, { times: 3, }) : said;
}
`;
const save = `export const save = (db: Db) => db.run(\`
  UPDATE notes SET text = ?, left = left - 1
  WHERE id = ? AND \${openAt('now')} RETURNING \${columns}\`);
`;

function sourcesOf(files: Record<string, string>): Sources {
  return new Sources(new Map(Object.entries(files)));
}

/** The one file that the edit changes, with its new text. */
function edited(
  files: Record<string, string>,
  anchor: string,
  find: string,
  put: string,
  kind: 'code' | 'text' = 'code',
): string {
  const [changed = ''] = editedSources(
    sourcesOf(files),
    [{ kind, anchor, find, put }],
    table,
  ).values();
  return changed;
}

const inGreet = (source: string, find: string, put: string) =>
  edited({ 'src/hello/greet.ts': source }, 'greet', find, put);

describe('an edit of code', () => {
  it('replaces the matching tokens and nothing else', () => {
    expect(inGreet(greet, "if (who === 'nobody') return null;", '')).toBe(
      greet.replace("if (who === 'nobody') return null;", ''),
    );
  });

  it.each([
    [
      'other quotes and line breaks',
      'shout(\n  said,\n  { kind: "a \\"b\\"" },\n);',
      `shout(said, { kind: 'a "b"' });`,
    ],
    [
      'a comment in between',
      'shout(said /* so */, // and so\n { kind: 1 });',
      'shout(said, { kind: 1 });',
    ],
    ['a trailing comma more', 'shout(said, { kind: [1,], },);', 'shout(said, { kind: [1] });'],
    ['a trailing comma less', 'shout(said, { kind: [1] });', 'shout(said, { kind: [1,], },);'],
    ['no semicolons', 'shout(said)\nshout(that)', 'shout(said); shout(that);'],
    ['semicolons that the edit does not have', 'if (a) { shout(said); }', 'if (a) { shout(said) }'],
    ['a number with separators', 'shout(1_000);', 'shout(1000);'],
    ['a template without expressions', 'shout(`said`);', "shout('said');"],
  ])('matches code with %s', (_, source, find) => {
    expect(inGreet(`export const greet = 1;\n${source}\ndone();\n`, find, 'whisper();')).toBe(
      'export const greet = 1;\nwhisper();\ndone();\n',
    );
  });

  it('keeps a trailing comma, and matches where a formatter removed it', () => {
    const find = "['b', 2],";
    expect(inGreet("export const greet = [['a', 1], ['b', 2], ['c', 3]];", find, '')).toBe(
      "export const greet = [['a', 1],  ['c', 3]];",
    );
    expect(inGreet("export const greet = [['a', 1], ['b', 2]];", find, "['b', 4],")).toBe(
      "export const greet = [['a', 1], ['b', 4],];",
    );
    expect(inGreet("export const greet = [['a', 1], ['b', 2],];", find, "['b', 4],")).toBe(
      "export const greet = [['a', 1], ['b', 4],];",
    );
  });

  it('does not match a loop with other semicolons', () => {
    expect(() =>
      inGreet('export const greet = () => { for (;; step()) continue; };', 'for (; step())', ''),
    ).toThrow('matches 0 times');
  });

  it('distinguishes differences that no formatter makes', () => {
    expect(() => inGreet(greet, "'Nobody'", '')).toThrow('matches 0 times');
    expect(() => inGreet(greet, 'times: 4', '')).toThrow('matches 0 times');
  });

  it('must match exactly once', () => {
    expect(() => inGreet(greet, 'nowhere(said)', '')).toThrow(
      'greet: “nowhere(said)” matches 0 times in src/hello/greet.ts, not once',
    );
    expect(() => inGreet(greet, 'said', '')).toThrow(
      'greet: “said” matches 3 times in src/hello/greet.ts, not once',
    );
  });

  it('searches its own module only', () => {
    const files = {
      'src/hello/greet.ts': greet,
      'src/other.ts': 'export const other = () => shout(said, { times: 3 });',
    };
    expect(edited(files, 'greet', 'times: 3', 'times: 1')).toContain('{ times: 1, }');
  });

  it('matches markup', () => {
    const box =
      'export const box = <T,>(of: T) => (\n  <Frame title="A">\n    It’s {show(of)}\n  </Frame>\n);\n';
    expect(edited({ 'src/box.tsx': box }, 'box', 'show(of)', 'of')).toContain('It’s {of}');
  });

  it('must not overlap another edit', () => {
    const sources = sourcesOf({ 'src/hello/greet.ts': greet });
    const both = [
      { kind: 'code', anchor: 'greet', find: 'shout(said', put: '' },
      { kind: 'code', anchor: 'greet', find: 'said, {', put: '' },
    ] as const;
    expect(() => editedSources(sources, both, table)).toThrow('same place');
  });
});

describe('a renamed identifier', () => {
  const renamed = greet.replaceAll('polish', 'refine').replaceAll('said', 'words');

  it('is replaced by its current name, also in the inserted code', () => {
    expect(
      inGreet(
        renamed,
        "const said = polish(`Hello, ${who}!`, 'plain');",
        "const said = polish(`${said}`, 'fancy');",
      ),
    ).toContain("const words = refine(`${words}`, 'fancy');");
  });

  it('is found in code that is not changed, for the code that another edit inserts', () => {
    const edits = [
      { kind: 'code', anchor: 'greet', find: 'loud = false', put: 'loud = polish()' },
      { kind: 'names', anchor: 'greet', find: 'polish(`Hello, ${who}!`,' },
    ] as const;
    expect([
      ...editedSources(sourcesOf({ 'src/hello/greet.ts': renamed }), edits, table).values(),
    ]).toEqual([renamed.replace('loud = false', 'loud = refine()')]);
  });

  it('matches one and the same identifier', () => {
    expect(() => inGreet('export const greet = first(second(1));', 'gone(gone(1))', '')).toThrow(
      'matches 0 times',
    );
    expect(() => inGreet('export const greet = first(first(1));', 'gone(lost(1))', '')).toThrow(
      'matches 0 times',
    );
  });

  it('matches no keyword and no literal', () => {
    expect(() => inGreet('export const greet = typeof (1);', 'gone(1)', '')).toThrow(
      'matches 0 times',
    );
    expect(() => inGreet("export const greet = use('a');", 'use(gone)', '')).toThrow(
      'matches 0 times',
    );
  });

  it('matches only itself while any file uses it', () => {
    const files = { 'src/hello/greet.ts': renamed, 'src/other.ts': 'export const polish = 1;' };
    expect(() => edited(files, 'greet', "polish(`Hello, ${who}!`, 'plain')", '')).toThrow(
      'matches 0 times',
    );
  });

  it('must match exactly once', () => {
    expect(() => inGreet(renamed, 'polish(words', '')).not.toThrow();
    expect(() => inGreet('export const greet = [first(1), second(1)];', 'gone(1)', '')).toThrow(
      'matches 2 times',
    );
  });
});

describe('an edit of text', () => {
  const inSave = (source: string, find: string, put: string) =>
    edited({ 'src/store/sql/notes.ts': source }, 'save', find, put, 'text');

  it('matches whatever the line breaks', () => {
    expect(inSave(save, 'left = left - 1 WHERE id = ?', 'left = left WHERE id = ?')).toBe(
      save.replace('left = left - 1\n  WHERE id = ?', 'left = left WHERE id = ?'),
    );
  });

  it('can contain expressions', () => {
    expect(
      inSave(
        save,
        "WHERE id = ? AND ${openAt( 'now' )} RETURNING",
        "WHERE ${openAt('now')} RETURNING",
      ),
    ).toBe(save.replace('id = ? AND ', ''));
    expect(inSave(save, ' RETURNING ${columns}', '')).toBe(
      save.replace(' RETURNING ${columns}', ''),
    );
    expect(() => inSave(save, "AND ${openAt('then')} RETURNING", '')).toThrow('matches 0 times');
  });

  it('matches expressions by their current names', () => {
    expect(
      inSave(save.replace('columns', 'fields'), 'RETURNING ${columns}', 'RETURNING id, ${columns}'),
    ).toContain('RETURNING id, ${fields}`');
  });

  it('is inserted with the quotes and escapes of its place', () => {
    expect(inSave("export const save = 'it\\'s \\u0041 here';", "it's A", "it's B\n")).toBe(
      "export const save = 'it\\'s B\\n here';",
    );
    expect(inSave('export const save = "a `b`";', '`b`', '"c" \\')).toBe(
      'export const save = "a \\"c\\" \\\\";',
    );
    expect(inSave('export const save = `a b`;', 'b', '`c` ${d}')).toBe(
      'export const save = `a \\`c\\` ${d}`;',
    );
  });

  it('must match exactly once, and only inside literals', () => {
    expect(() => inSave(save, 'db.run', '')).toThrow('matches 0 times');
    expect(() => inSave(save, 'left', '')).toThrow(
      'save: “left” matches 2 times in src/store/sql/notes.ts, not once',
    );
  });
});

describe('an anchor', () => {
  const find = (files: Record<string, string>, anchor: string) =>
    modulesOf(sourcesOf(files), anchor, table).join(' or ');

  it('is found in the module that the table names', () => {
    expect(find({ 'src/hello/greet.ts': greet, 'src/greet.ts': greet }, 'greet')).toBe(
      'src/hello/greet.ts',
    );
  });

  it.each([
    'export async function greet() {}',
    'export const greet = 1;',
    'export class greet {}',
    'const greet = 1;\nexport { greet };',
    'const one = 1;\nexport { one as greet };',
  ])('is found in a module that moved: %s', (source) => {
    expect(
      find(
        {
          'src/welcome/hello.ts': source,
          'src/index.ts': "export { greet } from './welcome/hello.ts';",
          'src/use.ts': "import { greet } from './welcome/hello.ts'; greet();",
        },
        'greet',
      ),
    ).toBe('src/welcome/hello.ts');
  });

  it('is found where its name was moved while its file stayed', () => {
    expect(
      find({ 'src/hello/greet.ts': 'export const other = 1;', 'src/hello/say.ts': greet }, 'greet'),
    ).toBe('src/hello/say.ts');
  });

  it('is found by its path when it was renamed', () => {
    expect(find({ 'src/hello/greet.ts': 'export const welcome = 1;' }, 'greet')).toBe(
      'src/hello/greet.ts',
    );
  });

  it('is taken from the most similar path if several files export it', () => {
    expect(
      find({ 'src/store/documents/notes.ts': save, 'src/store/sql/parts/notes.ts': save }, 'save'),
    ).toBe('src/store/sql/parts/notes.ts');
    expect(find({ 'src/one/notes.ts': save, 'src/two/notes.ts': save }, 'save')).toBe(
      'src/one/notes.ts or src/two/notes.ts',
    );
  });

  it('is taken from the file that the edit matches if several paths are equally similar', () => {
    const files = {
      'src/one/notes.ts': save,
      'src/two/notes.ts': 'export const save = (notes: Notes) => notes.put();\n',
    };
    expect(edited(files, 'save', 'notes.put()', 'null')).toBe(
      'export const save = (notes: Notes) => null;\n',
    );
    expect(() =>
      edited(
        { ...files, 'src/one/notes.ts': files['src/two/notes.ts'] },
        'save',
        'notes.put()',
        '',
      ),
    ).toThrow(
      'save: “notes.put()” matches 1 times in src/one/notes.ts and 1 times in src/two/notes.ts, not once',
    );
  });

  it('is named in the error when it cannot be found', () => {
    expect(() => find({ 'src/other.ts': 'export const other = 1;' }, 'greet')).toThrow(
      'greet: no source exports it, and there is no src/hello/greet.ts',
    );
  });
});
