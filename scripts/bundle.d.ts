export function bundleServer(options: {
  root: string;
  outDir: string;
  input?: Readonly<Record<string, string>>;
  edit?: (file: string, source: string) => string;
}): Promise<void>;
