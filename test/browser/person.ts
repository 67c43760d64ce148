import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  Request,
} from 'playwright-core';

export type PersonOptions = Pick<
  BrowserContextOptions,
  'javaScriptEnabled' | 'viewport' | 'userAgent'
>;

const timeoutMs = 15_000;
/** Chromium’s message for an answer of 400 and above. The answers themselves are examined here. */
const aboutAnswers = /^Failed to load resource: the server responded with a status of/;

/**
 * A user with a browser of their own. Everything that goes wrong on any of their pages is kept as a
 * fault.
 */
export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly scripts: boolean;
  readonly faults: string[] = [];
  readonly #origin: string;
  /**
   * The request for the signed-in account is answered 401 without a session, which is not a fault.
   */
  readonly #expected: (string | RegExp)[] = ['401 GET /api/session'];

  static async arrive(
    browser: Browser,
    origin: string,
    options: PersonOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({
      baseURL: origin,
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    context.setDefaultTimeout(timeoutMs);
    return new Person(context, await context.newPage(), {
      origin,
      scripts: options.javaScriptEnabled !== false,
    });
  }

  private constructor(
    context: BrowserContext,
    page: Page,
    { origin, scripts }: { origin: string; scripts: boolean },
  ) {
    this.context = context;
    this.page = page;
    this.#origin = origin;
    this.scripts = scripts;
    this.#watch();
  }

  /** From now on this answer is expected, for example `422 POST /api/sign-up`. */
  expects(...answers: (string | RegExp)[]): void {
    this.#expected.push(...answers);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  #watch(): void {
    const { context, faults } = this;
    context.on('console', (message) => {
      if (message.type() === 'error' && !aboutAnswers.test(message.text()))
        faults.push(`console: ${message.text()}`);
    });
    context.on('weberror', (thrown) => faults.push(`thrown: ${thrown.error().message}`));
    context.on('response', (response) => {
      const line = `${response.status()} ${lineOf(response.request())}`;
      const isExpected = this.#expected.some((answer) =>
        typeof answer === 'string' ? answer === line : answer.test(line),
      );
      if (response.status() >= 400 && !isExpected) faults.push(`answer: ${line}`);
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // Requests that a navigation cancelled, and those that are not sent without JavaScript.
      const isHarmless = reason === 'net::ERR_ABORTED' || (!this.scripts && reason === 'csp');
      if (!isHarmless) faults.push(`request: ${lineOf(request)} ${reason}`);
    });
    context.on('request', (request) => {
      if (request.isNavigationRequest()) return;
      const { origin, protocol } = new URL(request.url());
      const isOwn = [this.#origin, new URL(request.frame().url()).origin].includes(origin);
      if (!isOwn && protocol !== 'data:') faults.push(`elsewhere: ${request.url()}`);
    });
  }
}

function lineOf(request: Request): string {
  return `${request.method()} ${new URL(request.url()).pathname}`;
}
