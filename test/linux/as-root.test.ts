import { expect, it } from 'vitest';
import { asRoot } from '../../source/linux/as-root.js';
import { groupName } from '../../source/linux/user-database.js';

it('is the same program by sudo, as one word each; root of a container needs its container made anew', () => {
  expect(asRoot(['/usr/bin/node', '/opt/faultline/cli.js', 'check'], 1000)).toBe(
    'sudo /usr/bin/node /opt/faultline/cli.js',
  );
  expect(asRoot(['/usr/bin/node', "/home/ann o'dea/cli.js"], 1000)).toBe(
    "sudo /usr/bin/node '/home/ann o'\\''dea/cli.js'",
  );
  expect(asRoot(['node', 'cli.js'], 0)).toMatch(/^docker run --privileged --pid host IMAGE {3}#/);
});

it.each([
  [0, 'root'],
  [998, 'docker'],
  [99, undefined],
  [9, undefined],
])('finds the name of group %d', (gid, name) => {
  expect(groupName(gid, 'root:x:0:\nodd line\ndocker:x:998:ann,bob\n\n')).toBe(name);
});
