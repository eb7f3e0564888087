import type { LabPart } from '../../source/labs/part.js';
import { causedByParts } from '../parts-cause.js';

const client = (name: string): LabPart => ({
  name,
  program: 'storming-client',
  settings(where) {
    const { host, port } = where('ledger');
    return { PART_PEER_HOST: host, PART_PEER_PORT: String(port) };
  },
  switches: [
    {
      id: 'reconnect-backoff',
      title: 'api: growing pauses between tries',
      explains: 'each try waits twice as long as the one before, with jitter, up to 10 s',
    },
  ],
});

/** A server with a short backlog, whose clients come back without a pause. */
const { docker } = causedByParts({
  describe:
    'brings ledger, a server with a backlog of 32 that waits for the first word, and two clients of it that open 30 connections a second each, say nothing and try again',
  parts: [{ name: 'ledger', program: 'deferring-server', port: 7000 }, ...['api-1', 'api-2'].map(client)],
});

export const causes = { docker };
