// Looks inside a process with whatever rights it was started with, and prints what it got.
const [folder, pid] = process.argv.slice(2);
const { createInsideProbe } = await import(`${folder}/inside-probe.js`);
const { findWayIn } = await import(`${folder}/means.js`);
const source = { name: 'place', pid: Number(pid) };
const { means } = await findWayIn(source);
const probe = createInsideProbe({ name: 'place', source: () => source });
const signal = new AbortController().signal;
const sample = await probe.run({ signal, now: 0 }).catch((error) => ({ error: error.message }));
process.stdout.write(JSON.stringify({ means, sample }));
