import { type Dialogue, notThis } from './dialogue.js';

/** AMQP 0-9-1, 4.2.2: the client says which protocol it speaks, the server answers with Connection.Start. */
const HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);
const METHOD_FRAME = 1;
const CONNECTION_START = 0x000a_000a;

export const protocolHeader: Dialogue = {
  hello: HEADER,
  read(bytes) {
    if (bytes.length < 4) return undefined;
    // Its own header back: it speaks another version, and lives.
    if (bytes.toString('latin1', 0, 4) === 'AMQP')
      return { state: 'alive', said: 'answers with its protocol', logged: true };
    if (bytes[0] !== METHOD_FRAME) return notThis('AMQP');
    if (bytes.length < 11) return undefined;
    return bytes.readUInt32BE(7) === CONNECTION_START
      ? { state: 'alive', said: 'asks who is there', logged: true }
      : notThis('AMQP');
  },
};
