// Whether watching disturbs: single-threaded servers with listen(5) and their clients, with a session of the built program
// that watches them all, and as long without: half before it and half after, as no machine stays alike for long. Not one
// connection may overflow a queue, and no request take its second try. Needs root, Docker and the images of
// scripts/docker-images.mjs; takes twice the seconds. Exits with 1 when we were noticed.
// Usage: node scripts/bench-polite.mjs [--json] [--seconds 600] [--containers 20]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { benchSettings, startCrowd } from './crowd.mjs';

const { dist, DockerEngine, toolboxRecipe, json, seconds, containers } = await benchSettings('600');
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

/** Both stretches together. */
const together = (one, other) =>
  Object.fromEntries(Object.entries(one).map(([what, count]) => [what, count + other[what]]));

/** What happens over a stretch of time. */
async function stretch(crowd, work) {
  const [overflows, requests] = [crowd.overflows(), await crowd.requests()];
  await work();
  const after = await crowd.requests();
  return {
    overflows: crowd.overflows() - overflows,
    requests: after.done - requests.done,
    late: after.late - requests.late,
    failed: after.failed - requests.failed,
  };
}

const engine = new DockerEngine();
await engine.settled();
if (!engine.docker) throw new Error(engine.trouble()?.reason ?? 'Docker does not answer');
const crowd = await startCrowd(engine.docker, toolboxRecipe().tag, { count: containers });
try {
  await rest(5_000);
  const alone = () => stretch(crowd, () => rest((seconds / 2) * 1000));
  const before = await alone();
  const targets = crowd.addresses.slice(0, 5).flatMap((address) => ['--target', `http://${address}:8080/`]);
  const watched = await stretch(crowd, async () => {
    const args = [join(dist, 'source/cli.js'), 'check', '--json', '--for', `${seconds}s`, ...targets];
    const session = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(session, 'exit');
  });
  const without = together(before, await alone());
  const result = { containers: crowd.addresses.length, seconds, without, watched };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
  if (watched.overflows > without.overflows || watched.failed > without.failed) process.exitCode = 1;
} finally {
  await crowd.close();
  await engine.close();
}
