import { type Dialogue, notThis } from './dialogue.js';

/** MongoDB's wire protocol: 16 bytes of header, then OP_MSG (2013) with one BSON document. */
const HEADER = 16;
const OP_MSG = 2013;
const OP_REPLY = 1;
const MOST_MESSAGE = 48_000_000;

/** `hello` is answered before any login. */
export const hello: Dialogue = {
  hello: helloMessage(),
  read(bytes) {
    if (bytes.length < HEADER) return undefined;
    const length = bytes.readUInt32LE(0);
    const code = bytes.readUInt32LE(12);
    if (length < HEADER || length > MOST_MESSAGE || (code !== OP_MSG && code !== OP_REPLY))
      return notThis('MongoDB');
    return { state: 'alive', said: 'answers hello', logged: true };
  },
};

function helloMessage(): Buffer {
  const fields = Buffer.concat([
    Buffer.from('\x10hello\0\x01\0\0\0', 'latin1'),
    Buffer.from('\x02$db\0\x06\0\0\0admin\0', 'latin1'),
  ]);
  const document = Buffer.alloc(4 + fields.length + 1);
  document.writeUInt32LE(document.length, 0);
  fields.copy(document, 4);
  const head = Buffer.alloc(HEADER + 5);
  head.writeUInt32LE(head.length + document.length, 0);
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(OP_MSG, 12);
  return Buffer.concat([head, document]);
}
