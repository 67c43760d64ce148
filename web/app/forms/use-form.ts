import { useMutation } from '@tanstack/react-query';
import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type InputEvent,
  type SubmitEvent,
} from 'react';
import type { z } from 'zod/mini';
import { ApiProblem } from '../../client/problem.ts';

type FieldErrors = Partial<Record<string, string>>;

interface FormOptions<Values> {
  /** The schema that the server validates with, too. */
  shape: z.ZodMiniType<Values>;
  /** The values of the form’s controls, as input of the schema. */
  read: (form: FormData) => unknown;
  send: (values: Values) => Promise<void>;
}

/**
 * Shows no errors until the form is submitted once; from then on it validates a field when it loses
 * the focus or is corrected. A wrong field, found here or by the server, shows its own message, and
 * the first one takes the focus. An error that belongs to no field is the `problem`.
 */
export function useForm<Values>({ shape, read, send }: FormOptions<Values>) {
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [sentOnce, setSentOnce] = useState(false);
  const [faults, setFaults] = useState(0);
  const [problem, setProblem] = useState<Error | null>(null);
  const mutation = useMutation<void, Error, Values>({ mutationFn: send, onError: place });

  useEffect(() => {
    if (faults > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  function show(found: FieldErrors) {
    setErrors(found);
    if (Object.keys(found).length > 0) setFaults((count) => count + 1);
  }

  /** Errors of fields that this form shows go to the field; any other is the form’s own problem. */
  function place(error: Error) {
    const found = Object.entries(atFields(error));
    const placed = found.filter(([name]) => Boolean(form.current?.elements.namedItem(name)));
    show(Object.fromEntries(placed));
    if (found.length === 0 || placed.length < found.length) setProblem(error);
  }

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (mutation.isPending) return;
    setSentOnce(true);
    setProblem(null);
    const checked = shape.safeParse(read(new FormData(event.currentTarget)));
    show(checked.success ? {} : byField(checked.error.issues));
    if (checked.success) mutation.mutate(checked.data);
  }

  /** The error of one field, by the schema alone. */
  function faultOf(form: HTMLFormElement, name: string): string | undefined {
    const checked = shape.safeParse(read(new FormData(form)));
    return checked.success ? undefined : byField(checked.error.issues)[name];
  }

  /**
   * Not while the button is being pressed: a message that appears or disappears would move the
   * button away from the pointer.
   */
  function onBlur(event: FocusEvent<HTMLFormElement>) {
    const { name } = event.target;
    if (!sentOnce || !name || isSubmit(event.relatedTarget)) return;
    const fault = faultOf(event.currentTarget, name);
    if (fault !== undefined) setErrors((before) => ({ ...before, [name]: fault }));
  }

  /**
   * An error disappears as soon as the field is corrected. An error from the server stays until the
   * value changes.
   */
  function onInput(event: InputEvent<HTMLFormElement>) {
    const { name } = event.target as HTMLInputElement;
    if (errors[name] !== undefined && faultOf(event.currentTarget, name) === undefined) clear(name);
  }

  /** Removes the error of a field. */
  function clear(name: string) {
    setErrors((before) => ({ ...before, [name]: undefined }));
  }

  return {
    formProps: { ref: form, onSubmit, onBlur, onInput, noValidate: true },
    errors,
    clear,
    busy: mutation.isPending,
    problem,
  };
}

function isSubmit(element: Element | null): boolean {
  return element instanceof HTMLButtonElement && element.type === 'submit';
}

/** The first message of each field; the others would only repeat it. */
function byField(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): FieldErrors {
  return Object.fromEntries(
    issues.map(({ path, message }) => [String(path[0] ?? ''), message]).reverse(),
  );
}

function atFields(error: Error): FieldErrors {
  if (!(error instanceof ApiProblem)) return {};
  return byField(error.errors.map(({ path, message }) => ({ path: path.split('.'), message })));
}
