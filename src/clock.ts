/** Time is a dependency: tests and twins move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export function addMs(from: Date, milliseconds: number): Date {
  return new Date(from.getTime() + milliseconds);
}
