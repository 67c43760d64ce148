import { z } from 'zod/mini';
import { invalidFields, type FieldError } from '../problems.ts';

type Issue = z.core.$ZodIssue;

/** Messages by kind of issue, for schemas without their own message. */
const sentences: Partial<Record<NonNullable<Issue['code']>, (issue: Issue) => string>> = {
  invalid_type: (issue) =>
    issue.input === undefined
      ? 'This field is required.'
      : `This must be ${article(String('expected' in issue ? issue.expected : 'value'))}.`,
  too_big: () => 'This is too long.',
  too_small: () => 'This is too short.',
  invalid_value: () => 'This value is not allowed.',
};

/**
 * Parses the input with the schema.
 * @throws Problem `invalid-fields` with one entry per issue
 */
export function validate<Shape extends z.core.$ZodType>(
  shape: Shape,
  input: unknown,
): z.core.output<Shape> {
  const result = z.safeParse(shape, input, { reportInput: true });
  if (result.success) return result.data;
  throw invalidFields(result.error.issues.flatMap(fieldErrors).slice(0, 20));
}

function fieldErrors(issue: Issue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key.slice(0, 100)].join('.'),
      message: 'Unknown field.',
    }));
  }
  const general = issue.message === 'Invalid input' ? sentences[issue.code]?.(issue) : undefined;
  return [{ path: path.join('.'), message: general ?? issue.message }];
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
