import { DATABASE_FAST_MS } from '../source/diagnosis/facts/database.js';
import { duration } from '../source/terminal/format.js';

/** Figures that several modes are judged by alike. What a row of them weighs is each mode's own. */

/** Where that targets hang is known from. */
export const SILENT_WHILE_RUNNING =
  'Container Networking Exhaustion document: HTTP 000 while the process runs';

/** Users that meet failures. */
export const failingTargets = (
  weight: number,
  source = 'Container Networking Exhaustion document: error rate above 95 %',
) => ({ unit: 'targets', weight, source });

/** Lines that applications log; the source says what they mean. */
export const logLines = (weight: number, source: string) => ({
  unit: 'lines',
  weight,
  reads: 'none',
  source,
});

/** An answer so quick that whoever gives it is well. */
export const QUICK_ANSWER = {
  unit: 'ms',
  value: 1000,
  source: 'awesome-prometheus-alerts: a probe slower than 1 s',
};

/** What one round trip takes where both ends are near. */
export const NEAR_MS = { unit: 'ms', value: 10, source: 'Coroot NetworkRTT: 10 ms within a cluster' };

/** Whether the process that should serve runs. */
export const processRuns = (weight: number, against: number) => ({
  unit: '',
  weight,
  against,
  reads: 'running',
  source: 'proc(5): state of /proc/PID/stat',
});

/** A container that has just begun. */
export const STARTING = {
  unit: 'ms',
  value: 15_000,
  source: 'our choice: a container that is younger may not listen yet',
};

/** Connections that the kernel took and the process did not accept. */
export const notAccepted = (weight: number) => ({
  unit: 'connections',
  value: 1,
  weight,
  reads: '0',
  source: 'ss(8): Recv-Q of a LISTEN socket counts connections nobody accepted',
});

/** Nobody is accepted at a Unix socket for so long. */
export const nobodyAccepted = (weight: number) => ({
  unit: 'ms',
  value: 10_000,
  weight,
  reads: 'somebody accepted',
  source:
    'unix(7): a queue keeps its order, so that while its first waits nobody was accepted; ten seconds are our choice',
});

/** Lookups without trouble for longer than the HTTP probe's own wait. */
export const lookupsInTime = (weight: number, against: number, source: string) => ({
  unit: 'ms',
  windowMs: 12_000,
  weight,
  against,
  reads: '1 s, none late',
  source,
});

/** A database that answers at once and has room. */
export const innocentDatabase = (weight: number, against: number) => ({
  unit: 'ms',
  value: DATABASE_FAST_MS,
  weight,
  against,
  reads: `${duration(DATABASE_FAST_MS)}, 80 % of connections`,
  source: 'Coroot PostgresLatency; Netdata postgres connections',
});

/** So few throttled periods that no CPU limit is felt. */
export const NO_CPU_LIMIT = {
  unit: '%',
  value: 5,
  windowMs: 15_000,
  source: 'our choice: a fifth of kubernetes-mixin CPUThrottlingHigh (25 %)',
};

/** A connection that takes so long took the kernel's second try. */
export const SECOND_TRY = {
  unit: 'ms',
  value: 900,
  source: 'RFC 6298: a lost SYN is sent again after 1 s; connects take 1.0 s, not 0.2 s',
};

/** So many connections that a full listener dropped: what else is late may be its doing. */
export const FULL_LISTENER = {
  unit: 'connections',
  value: 1,
  reads: '0',
  source: 'TcpExt.ListenOverflows: a full listener drops a SYN as well',
};

/** So many clients from afar that lose packets at one time do not each have a bad line. */
export const SEVERAL_VISITORS = {
  unit: 'clients',
  value: 3,
  source:
    'our choice: a wireless or a line of their own is bad at one or two at a time; what more of them share is near us',
};

/** So many attempts to connect to what nobody serves. */
export const attemptsInVain = (value: number, weight: number) => ({
  unit: 'attempts',
  value,
  windowMs: 15_000,
  weight,
  source: 'our choice: fewer may have met a restart; a client that needs it tries again within 15 s',
});

/** Whether somebody misses what is away. */
export const MISSED = {
  unit: '',
  weight: 0.05,
  reads: 'nobody asks for it',
  source: 'its clients, as they are seen',
};

/** So many ends in so long are a loop; the source says what else draws the line there. */
export const endsInALoop = (unit: 'ends' | 'restarts', weight: number, source: string) => ({
  unit,
  value: 3,
  windowMs: 600_000,
  weight,
  reads: '3 in 10 min',
  source: `DIAGNOSIS R22: 3 restarts in 10 min; ${source}`,
});
