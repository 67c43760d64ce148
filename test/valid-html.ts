import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
  rules: {
    // A page that is updated reloads only where no script can update it in place.
    'meta-refresh': 'off',
    // All files are on the same origin.
    'require-sri': 'off',
    // ARIA permits names on more elements than this rule recommends. ARIA 1.2 §5.2.8.
    'aria-label-misuse': ['error', { allowAnyNamable: true }],
    // The page for browsers without JavaScript may not use `main`, as below.
    'prefer-native-element': ['error', { exclude: ['main'] }],
  },
  elements: [
    'html5',
    // HTML Standard §4.4.14. By itself the validator allows `main` in any parent, as `noscript`.
    { main: { permittedParent: ['html', 'body', 'div', 'form'] } },
  ],
});

/** What is wrong with an HTML document, a line each. `where` precedes each line. */
export async function invalidHtml(where: string, html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(
      ({ ruleId, message, selector }) => `${where}: ${ruleId}: ${message} (${selector ?? '–'})`,
    ),
  );
}
