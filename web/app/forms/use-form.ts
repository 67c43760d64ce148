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
  /** The shape that the server checks by, too. */
  shape: z.ZodMiniType<Values>;
  /** What the form's controls say, as the shape's input. */
  read: (form: FormData) => unknown;
  send: (values: Values) => Promise<void>;
}

/**
 * A form that says nothing until it is sent once, then checks each field as it is left, and while it is mended. Wrong fields, found here or by the
 * server, carry their own sentence, and the first of them gets the focus; what belongs to no field is the `problem`.
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

  /** Faults at fields that this form shows go there; anything else is the form's own problem. */
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

  /** What is wrong with one field as it stands, by the shape alone. */
  function faultOf(form: HTMLFormElement, name: string): string | undefined {
    const checked = shape.safeParse(read(new FormData(form)));
    return checked.success ? undefined : byField(checked.error.issues)[name];
  }

  /** Not on the way to the button: a sentence that comes or goes would move it away from under the pointer. */
  function onBlur(event: FocusEvent<HTMLFormElement>) {
    const { name } = event.target;
    if (!sentOnce || !name || isSubmit(event.relatedTarget)) return;
    const fault = faultOf(event.currentTarget, name);
    if (fault !== undefined) setErrors((before) => ({ ...before, [name]: fault }));
  }

  /** What was wrong is taken back as soon as it is mended, and only then: what the server refused stands until it is changed. */
  function onInput(event: InputEvent<HTMLFormElement>) {
    const { name } = event.target as HTMLInputElement;
    if (errors[name] !== undefined && faultOf(event.currentTarget, name) === undefined) clear(name);
  }

  /** For a field that is no longer what was wrong. */
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

/** The first sentence for each field; the rest would only repeat it. */
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
