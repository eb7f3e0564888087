// A console in small: causes the faults of its first argument and holds them until it is ended. Says "caused" when all
// are there. Usage: node hold-faults.mjs SPECS_AS_JSON TTL_MS   (FAULTLINE_DIST names the build)
const dist = new URL(`../../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/`, import.meta.url);
const { DockerEngine } = await import(new URL('engines/docker/docker-engine.js', dist));
const { createFaultDesk } = await import(new URL('faults/desk/fault-desk.js', dist));

const [, , specs, ttl] = process.argv;
const engine = new DockerEngine(process.env.TEST_DOCKER_HOST ? { host: process.env.TEST_DOCKER_HOST } : {});
await engine.settled();
const desk = createFaultDesk({ engine });
console.log('ready');
for (const spec of JSON.parse(specs)) await desk.inject(spec, { scenario: 'test', ttlMs: Number(ttl) });
console.log('caused');
setInterval(() => {}, 1_000);
