/** The current time, as a dependency: tests and test instances replace it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Lengths in milliseconds. A day is 24 hours: dates are in UTC. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export function addMs(from: Date, milliseconds: number): Date {
  return new Date(from.getTime() + milliseconds);
}
