import { createSocket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/clock.js';
import { loadLibc } from '../../../source/linux/namespace/libc.js';
import { encodeQuestion } from '../../../source/probes/dns/message.js';
import { QuestionTap } from '../../../source/probes/dns/question-tap.js';

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)('what is asked on this host', () => {
  it('is read from its packets, and nothing but questions about addresses', async () => {
    const libc = await loadLibc();
    const tap = new QuestionTap((family, type) => libc.socket(family, type | 0o2004000, 0), systemClock);
    const sender = createSocket('udp4');
    const ask = (qname: string, port: number): void => {
      sender.send(encodeQuestion({ id: 9, qname, qtype: 'AAAA' }), port, '127.99.0.53');
    };
    const names = new Set<string>();
    // It opens between two looks: what is asked before is nobody's.
    await expect
      .poll(() => {
        ask('seen.tap.example', 53);
        ask('unseen.tap.example', 54);
        sender.send('noise', 53, '127.99.0.53');
        for (const { qname, qtype, server } of tap.look())
          if (server === '127.99.0.53') names.add(`${qname} ${qtype}`);
        return [...names];
      })
      .toEqual(['seen.tap.example AAAA']);
    tap.close();
    expect(tap.look()).toEqual([]);
    sender.close();
  });
});
