/** A message over TCP is preceded by its length in two bytes (RFC 1035 section 4.2.2). */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Cuts a byte stream into messages; keeps at most one unfinished message (64 KiB). */
export function messageCutter(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let open: Buffer = Buffer.alloc(0);
  return (chunk) => {
    open = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    while (open.length >= 2) {
      const end = 2 + open.readUInt16BE(0);
      if (open.length < end) return;
      onMessage(open.subarray(2, end));
      open = open.subarray(end);
    }
  };
}
