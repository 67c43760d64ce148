/** What a MongoDB lets strangers, and the application's own account, do, each of it tried. `store/mongo/probe.ts` finds out. */
export interface MongoFacts {
  unauthenticatedRefused: boolean;
  wrongPasswordRefused: boolean;
  /** Of the application's account, as `role@database`. */
  roles: readonly string[];
  otherDatabaseRefused: boolean;
  createUserRefused: boolean;
  tls: boolean;
}
