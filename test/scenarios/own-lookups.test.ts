import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { containerServices } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets, lookups } from '../helpers/inside.js';
import { dns, HANG, http, sockets } from '../helpers/samples.js';

const at = (address: string) => ({ container: { networks: [{ name: 'shop', address, aliases: [] }] } });
const SERVICES = containerServices({
  front: at('172.20.0.10'),
  'shop-1': at('172.20.0.11'),
  'shop-2': at('172.20.0.12'),
  store: at('172.20.0.20'),
});
const NAMES = ['front', 'shop-1', 'shop-2', 'store'];

/** The page of the front hangs; the front holds a connection to one shop alone. `late` asks for names in vain. */
const hangs =
  (late: string) =>
  (t: number): World => ({
    services: SERVICES,
    sockets: sockets(),
    ...(t % 2 === 0
      ? {
          'http:GET /': { ...http('GET /', HANG), url: 'http://172.20.0.10:5000/' },
          ...Object.fromEntries(
            NAMES.flatMap((name) => [
              [
                `inside:${name}`,
                inside(name, {
                  sockets: insideSockets({}, { edges: edges(...(name === 'front' ? [TO_SHOP] : [])) }),
                }),
              ],
              [
                `dns:${name}`,
                lookups(name, {
                  ...dns({ name: `${name}.example`, ...(name === late ? { outcome: 'timeout' } : {}) }),
                }),
              ],
            ]),
          ),
        }
      : {}),
  });
const TO_SHOP = edge('172.20.0.11:8001', { received: 1 });

/** The second at which the failing page is told of by itself. */
const toldAt = (late: string): number =>
  watch(30, hangs(late), allModes()).find(({ findings }) =>
    findings.some(({ id, state }) => id === 'http-errors' && state === 'firing'),
  )?.t ?? 99;

it('who hangs while a stranger asks for names in vain is told of at once, not as if it waited for it', () => {
  const nobody = toldAt('nobody');
  expect(nobody).toBeLessThanOrEqual(8);
  expect(toldAt('store')).toBe(nobody);
  // Whom it asks, and itself, may be what it waits for.
  for (const own of ['front', 'shop-1']) expect(toldAt(own)).toBeGreaterThan(nobody);
});
