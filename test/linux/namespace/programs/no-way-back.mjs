// Enters another network and makes coming back impossible: by closing every descriptor of the one it came from.
import { closeSync, readdirSync, readlinkSync } from 'node:fs';

const [folder, pid] = process.argv.slice(2);
const { insideNetwork } = await import(`${folder}/inside-network.js`);
const { loadLibc } = await import(`${folder}/libc.js`);
const libc = await loadLibc();
const home = readlinkSync('/proc/self/ns/net');
process.on('exit', () => process.stdout.write('exit listeners ran\n'));
try {
  insideNetwork(libc, Number(pid), () => {
    for (const fd of readdirSync('/proc/self/fd')) {
      try {
        if (readlinkSync(`/proc/self/fd/${fd}`) === home) closeSync(Number(fd));
      } catch {
        // The descriptor that listed them.
      }
    }
  });
} catch {
  // Whoever catches everything must not go on either.
}
process.stdout.write('went on in the wrong network\n');
