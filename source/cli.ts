#!/usr/bin/env node
// The launcher and the list of commands. It must be read by Nodes too old to run the rest, so that they can say so:
// no syntax newer than import(), and nothing is imported before the check.
import type { CommandEntry } from './commands/command.js';

/** Node 20 is out of support, and ink 8 and execa 10 need 22. */
const OLDEST_NODE = 22;

const commands: readonly CommandEntry[] = [
  {
    name: '',
    summary: 'live console on this host (Docker or Podman if reachable)',
    load: () => import('./commands/console-command.js').then((file) => file.consoleCommand),
  },
  {
    name: 'demo',
    summary: 'the same, on a lab it starts itself',
    load: () => import('./commands/demo-command.js').then((file) => file.demoCommand),
  },
  {
    name: 'check',
    summary: 'headless diagnosis of this host',
    load: () => import('./commands/check.js').then((file) => file.checkCommand),
  },
  {
    name: 'alerts',
    summary: 'the alerts of the failure documents: pending or firing, where, and since when',
    load: () => import('./commands/alerts.js').then((file) => file.alertsCommand),
  },
  {
    name: 'scenarios',
    summary: 'the failure modes, or one in full',
    load: () => import('./commands/scenarios.js').then((file) => file.scenariosCommand),
  },
  {
    name: 'explain',
    summary: 'a failure mode in short, or a word of the screens in one sentence',
    load: () => import('./commands/explain.js').then((file) => file.explainCommand),
  },
  {
    name: 'run',
    summary: 'one scenario end to end, headless',
    load: () => import('./commands/run.js').then((file) => file.runCommand),
  },
  {
    name: 'bench',
    summary: 'how often, how soon and how surely the right failure is named on a lab',
    load: () => import('./commands/bench.js').then((file) => file.benchCommand),
  },
  {
    name: 'lab',
    summary: 'the Docker labs that are there; lab down removes them',
    load: () => import('./commands/lab.js').then((file) => file.labCommand),
  },
  {
    name: 'inject',
    summary: 'one fault in one container of this Docker, for a time',
    load: () => import('./commands/inject.js').then((file) => file.injectCommand),
  },
  {
    name: 'undo',
    summary: 'roll back every fault in the journal',
    load: () => import('./commands/undo.js').then((file) => file.undoCommand),
  },
  {
    name: 'probe',
    summary: 'one sample of one source, or the list of sources',
    load: () => import('./commands/probe.js').then((file) => file.probeCommand),
  },
  {
    name: 'doctor',
    summary: 'what this host lets Faultline see and do, and what would grant the rest',
    load: () => import('./commands/doctor.js').then((file) => file.doctorCommand),
  },
];

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `faultline: this is Node ${process.versions.node}, and Faultline needs ${OLDEST_NODE} or newer: ` +
      'install it from https://nodejs.org, or run "npm start" in a clone, which brings its own\n',
  );
  process.exitCode = 3;
} else {
  import('./young-generation.js')
    .then(({ holdYoungGeneration }) => {
      holdYoungGeneration();
      return import('./commands/dispatch.js');
    })
    .then(({ dispatch }) => dispatch(process.argv.slice(2), commands))
    .then(
      (code) => {
        process.exitCode = code;
        // A library's handle that outlives its work must not keep a finished program. With the code of then: what was
        // printed last may turn out not to have been written.
        setTimeout(() => process.exit(), 1000).unref();
      },
      (error) => {
        process.stderr.write(`faultline: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
      },
    );
}
