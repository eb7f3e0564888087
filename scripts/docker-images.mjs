// The images of the tests and the Docker lab, made now where they are missing (minutes on a new machine), with one line
// for each step. Needs the build in dist/ and a Docker Engine that answers.

import { DockerEngine } from '../dist/source/engines/docker/docker-engine.js';
import { HUB_BASE } from '../dist/source/engines/docker/images/base/base-image.js';
import { MADE_BASE } from '../dist/source/engines/docker/images/base/debootstrap.js';
import { ensureImage } from '../dist/source/engines/docker/images/ensure-image.js';
import { hasImage } from '../dist/source/engines/docker/images/has-image.js';
import { labRecipe } from '../dist/source/labs/images/lab-image.js';

const say = (text) => process.stderr.write(`faultline: ${text}\n`);
const engine = new DockerEngine();
let last = '';
try {
  await engine.settled();
  const { docker } = engine;
  if (docker === null) throw new Error(engine.trouble()?.reason ?? 'Docker does not answer');
  const progress = (text) => {
    const step = text.split(/[,(]/)[0].split(': ').slice(0, 2).join(': ');
    if (step !== last) say(text.slice(0, 120));
    last = step;
  };
  await ensureImage(labRecipe(), { docker, progress });
  // What stands on Docker Hub's Debian here is found by the tests under the name of the one that debootstrap makes.
  if (!(await hasImage(docker, MADE_BASE))) {
    const [repo, tag] = MADE_BASE.split(':');
    await docker.getImage(HUB_BASE).tag({ repo, tag });
  }
} catch (error) {
  say(`the images cannot be made: ${error.message}`);
  process.exitCode = 3;
} finally {
  await engine.close();
}
