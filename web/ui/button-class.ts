export type ButtonLook = 'plain' | 'primary' | 'danger' | 'quiet';

const looks: Record<ButtonLook, string> = {
  plain: 'fc-button',
  primary: 'fc-button fc-button-primary',
  danger: 'fc-button fc-button-danger',
  quiet: 'fc-button fc-button-quiet',
};

/** For elements that look like a button, such as the router’s link. */
export function buttonClass(look: ButtonLook, wide = false): string {
  return wide ? `${looks[look]} fc-button-wide` : looks[look];
}
