/** A ref callback that focuses an element as soon as it is shown. */
export function focusElement(element: HTMLElement | null): void {
  element?.focus();
}
