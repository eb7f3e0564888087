import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 16_384;

/** The body as text, or null when it is larger than 16 KiB. Rejects when the client goes away half-way. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BYTES ? Buffer.concat(chunks).toString('utf8') : null;
}
