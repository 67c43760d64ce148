import { createHash } from 'node:crypto';

/** Something that is answered whole, and need not be sent twice. */
export interface Representation {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

export function representation(bytes: Uint8Array<ArrayBuffer>, type: string): Representation {
  return { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}

/** 304 to whoever has it already. RFC 9110 §13.1.2. */
export function conditional(request: Request, { bytes, type, etag }: Representation, cacheControl: string): Response {
  const headers = { ETag: etag, 'Content-Type': type, 'Cache-Control': cacheControl };
  const known = request.headers.get('if-none-match')?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known?.includes(etag) ? new Response(null, { status: 304, headers }) : new Response(bytes, { headers });
}
