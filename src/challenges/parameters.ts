const minute = 60_000;

/** ASVS 6.5.5, 6.6.3: a code lives ten minutes and bears five attempts. */
export const codeLifetime = 10 * minute;
export const attempts = 5;
