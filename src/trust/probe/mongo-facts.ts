/**
 * What MongoDB permits to strangers and to the application’s account; each fact was tested by `store/mongo/probe.ts`.
 */
export interface MongoFacts {
  unauthenticatedRefused: boolean;
  wrongPasswordRefused: boolean;
  /** Of the application’s account, as `role@database`. */
  roles: readonly string[];
  otherDatabaseRefused: boolean;
  createUserRefused: boolean;
  tls: boolean;
}
