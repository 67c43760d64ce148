import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from 'vitest/node';

type Place = 'libSQL' | 'MongoDB' | 'browser' | 'other';

/**
 * Where a test ran, by the names around it, otherwise by its file. Some tests about MongoDB run
 * without one, so there only names count.
 */
const places: [Place, RegExp][] = [
  ['browser', /in the browser/],
  ['libSQL', /on libSQL/],
  ['MongoDB', /on MongoDB/],
  ['libSQL', /^\S*src\/store\/libsql\//],
];

function placeOf(test: TestCase): Place {
  const story = `${test.module.relativeModuleId} ${test.fullName}`;
  return places.find(([, sign]) => sign.test(story))?.[0] ?? 'other';
}

/** Ends the run with the number of tests by store and browser, and a summary line. */
export default class Counts implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] =>
      tests.filter((test) => test.result().state === state);
    const [passed, failed] = [inState('passed'), inState('failed')];
    // A file that does not load, a hook that throws and an error outside tests must not look like
    // success.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.filter((suite) => suite.errors().length > 0).length + unhandled.length;
    const skipped = tests.length - passed.length - failed.length;
    console.log(this.#byPlace([...passed, ...failed]));
    console.log(`${passed.length} passed, ${failed.length + broken} failed, ${skipped} skipped`);
  }

  #byPlace(ran: readonly TestCase[]): string {
    const count = (place: Place): number => ran.filter((test) => placeOf(test) === place).length;
    const kind = this.#vitest?.getRootProject().getProvidedContext().mongodbKind ?? 'none';
    return `libSQL ${count('libSQL')} · MongoDB (${kind}) ${count('MongoDB')} · browser ${count('browser')} · other ${count('other')}`;
  }
}
