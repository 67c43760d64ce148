export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  reference: string;
  errors?: { path: string; message: string }[];
  [member: string]: unknown;
}
