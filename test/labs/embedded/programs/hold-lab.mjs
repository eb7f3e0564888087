// Starts a lab from the built program, says what it consists of, and waits to be killed.
const [start, freeze] = process.argv.slice(2);
const { startLab } = await import(start);
const lab = await startLab({ progress: () => {} });
if (freeze) await lab.engine.pause(freeze);
process.stdout.write(`${JSON.stringify({ id: lab.engine.labId, list: lab.engine.list() })}\n`);
setInterval(() => {}, 1_000);
