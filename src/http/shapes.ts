import { z } from 'zod/mini';

/** What a page must know about this deployment before anybody signed in. `GET /api/deployment`. */
export const deploymentAnswer = z.object({
  deployment: z.object({
    origin: z.string(),
    /** The services that a local stand-in serves, such as `mail`. */
    practice: z.array(z.string()),
    passwordMinLength: z.number(),
    hasOperator: z.boolean(),
  }),
});
export type DeploymentView = z.infer<typeof deploymentAnswer>['deployment'];

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  reference: string;
  errors?: { path: string; message: string }[];
  [member: string]: unknown;
}
