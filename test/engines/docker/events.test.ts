import { describe, expect, it } from 'vitest';
import { justAfter, parseDockerEvent } from '../../../source/engines/docker/link/docker-event.js';
import { jsonLines } from '../../../source/engines/docker/link/json-lines.js';
import { tellEvent } from '../../../source/engines/docker/tell-event.js';
import { seededRandom, spoil } from '../../linux/seeded-random.js';

/** As Docker 20.10 sent it. */
const DIE =
  '{"status":"die","id":"7e92","from":"faultline/base:bookworm","Type":"container","Action":"die","Actor":{"ID":"7e92","Attributes":{"exitCode":"137","image":"faultline/base:bookworm","name":"t1"}},"scope":"local","time":1795270255,"timeNano":1795270255430123457}';

describe('events', () => {
  it('keeps every digit of the time', () => {
    const event = parseDockerEvent(DIE);
    expect(event).toMatchObject({
      action: 'die',
      id: '7e92',
      at: 1795270255430,
      stamp: '1795270255.430123457',
    });
    expect(justAfter('1795270255.430123457')).toBe('1795270255.430123458');
    expect(justAfter('1795270255.999999999')).toBe('1795270256.000000000');
  });

  it('takes no time from a label', () => {
    const line = DIE.replace('"name":"t1"', '"name":"t1","x":"\\"timeNano\\":11111111111"').replace(
      /,"timeNano":\d+/,
      '',
    );
    expect(parseDockerEvent(line)).toBeUndefined();
  });

  it('names the container of a network event, and the health of a health event', () => {
    const network = DIE.replace('"Type":"container"', '"Type":"network"').replace(
      '"exitCode":"137"',
      '"container":"abc"',
    );
    expect(parseDockerEvent(network)?.id).toBe('abc');
    const health = DIE.replace('"Action":"die"', '"Action":"health_status: unhealthy"');
    expect(parseDockerEvent(health)).toMatchObject({ action: 'health', attributes: { health: 'unhealthy' } });
  });

  it.each([
    ['died', 'die'],
    ['die', 'die'],
    ['remove', 'destroy'],
    ['health_status', 'health'],
    ['health_status: healthy', 'health'],
    ['exec_died', undefined],
    ['exec_create: /bin/true', undefined],
    ['cleanup', 'cleanup'],
    ['init', undefined],
    ['constructor', undefined],
  ])('takes Podman’s word %s for %s, and nothing that was not asked for', (said, action) => {
    const event = parseDockerEvent(DIE.replace('"Action":"die"', `"Action":"${said}"`));
    expect(event?.action).toBe(action);
  });

  it('tells nobody of containers of our own that look or keep a fault', () => {
    const own = parseDockerEvent(DIE.replace('"name":"t1"', '"name":"t1","faultline.fault":"x"'));
    const other = parseDockerEvent(DIE);
    if (!own || !other) throw new Error('no event');
    expect(tellEvent(own, undefined)).toBeUndefined();
    expect(tellEvent(other, undefined)).toMatchObject({ workload: 't1', action: 'die' });
  });

  it('survives rubbish', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 2_000; round++) {
      const event = parseDockerEvent(spoil(Buffer.from(DIE), random).toString('utf8'));
      if (event !== undefined) expect(event.id).not.toBe('');
    }
    for (const line of [
      'null',
      '7',
      '[]',
      '{"Type":"container","Action":"die","Actor":null,"timeNano":1795270255430123457}',
    ])
      expect(parseDockerEvent(line)).toBeUndefined();
  });

  it('are cut at newlines wherever chunks end; what never ends takes no room', () => {
    const lines: string[] = [];
    const take = jsonLines((line) => lines.push(line));
    for (const byte of Buffer.from('{"a":1}\r\n\n{"b":"é"}\n')) take(Buffer.from([byte]));
    expect(lines).toEqual(['{"a":1}', '{"b":"é"}']);
    const chunk = Buffer.alloc(256 * 1024, 120);
    for (let i = 0; i < 40; i++) take(chunk);
    take(Buffer.from('\n{"c":2}\n'));
    expect(lines.slice(2)).toEqual(['{"c":2}']);
  });
});
