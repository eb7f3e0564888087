import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { waitingLookups } from '../../../source/probes/inside/waiting-lookups.js';

/** Connects a UDP socket to port 53 of this machine, says so, and sends nothing. */
const ASKER = `const s = require('node:dgram').createSocket('udp4');
s.connect(53, '127.0.0.1', () => console.log('connected'));`;

it.skipIf(process.platform !== 'linux')(
  'counts sockets that wait for a resolver, without our own',
  async () => {
    const before = waitingLookups(process.pid);
    const own = createSocket('udp4');
    own.connect(53, '127.0.0.1');
    await once(own, 'connect');
    const asker = spawn(process.execPath, ['-e', ASKER]);
    try {
      await once(asker.stdout, 'data');
      expect(waitingLookups(process.pid)).toBe(before + 1);
    } finally {
      own.close();
      asker.kill('SIGKILL');
    }
  },
);

it('a process that is not there is said, not taken for one that asks nobody', () => {
  expect(() => waitingLookups(2 ** 22 + 1)).toThrow(/cannot be read/);
});
