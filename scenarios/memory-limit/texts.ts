import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'memory-limit',
  title: 'A memory limit makes the kernel kill',
  summary:
    'A container reaches its memory limit and the kernel kills a process in it: the first one, or a worker.',
  severity: 'critical',
  origin: 'Chaos Engineering Experiment Findings, experiment 3: Memory Limitation Test (OOM)',
  alerts: [
    ['ContainerOomKill', 'oom_kill of a cgroup rises, or a Docker event oom', '0s'],
    ['ContainerMemoryHigh', 'memory without file cache > 90 % of the limit', '10s'],
  ],
  symptoms: [
    'first process killed: the container is gone with exit code 137, its users get errors or a missing name',
    'worker killed: the container stays up and looks healthy; single requests fail, again and again',
    'Docker says OOMKilled=false for a worker, and restarts nothing',
    'memory stands at the limit before, and drops at the kill',
  ],
  investigation: [
    [
      'Ask Docker for oom events, and what followed them',
      'docker events --since 10m --until 0s --filter event=oom --filter event=die --filter event=kill',
      'oom, then die 137, no kill: its first process; oom alone, repeated: workers',
    ],
    [
      'Ask its cgroup: it counts every kill, of workers too',
      'docker exec <name> cat /sys/fs/cgroup/memory/memory.oom_control || docker exec <name> cat /sys/fs/cgroup/memory.events',
      'oom_kill above 0 and rising',
    ],
    [
      'See its use against its limit',
      "docker stats --no-stream; docker inspect -f '{{.HostConfig.Memory}} oom={{.State.OOMKilled}}' <name>",
      'near the limit; OOMKilled=true only when its first process was the victim',
    ],
    [
      "Read the kernel's own record",
      "dmesg -T | grep -A1 'Memory cgroup out of memory'",
      'which process was killed, with its anon-rss, and constraint=CONSTRAINT_MEMCG',
    ],
    [
      'On a swarm: count the tasks that it took',
      'docker service ps --no-trunc <app>',
      'task after task Failed, "task: non-zero exit (137)": that alone is no proof, the oom event is',
    ],
  ],
  rootCause: [
    'its processes together asked for more than the limit of its cgroup, and nothing could be reclaimed',
    'the kernel chooses the victim by size and oom_score_adj: it may be the first process or any other',
    'the limit was lowered, or something in it grows (a leak, a large request, too many workers)',
  ],
  fix: [
    'raise the limit (docker update --memory 384m --memory-swap 384m <name>), and start it if it has ended',
  ],
  prevention: [
    'an alert at 80 % of the limit, and one on every oom_kill: exit code 137 alone proves nothing',
    'memory-aware code: bounded caches and uploads, workers replaced after some requests',
    'limits set above the measured peak; memory use in the health check, as an early warning',
    'circuit breakers for operations that need much memory',
  ],
  confusedWith: {
    'container-kill': 'a kill by hand is a kill(9) event and no oom; here oom comes first, and no kill',
    'cpu-limit': 'short of CPU a container is slow and loses nothing; no process of it is killed',
  },
  recovery: [
    'no oom event and no oom_kill since; memory below 80 % of the limit',
    'the container runs, with its own limit as before',
    'every target answers 200; what is written can be read back',
    'every source reaches every target of the connectivity matrix',
    '20 of 20 requests succeed; ten timed requests are as fast as before',
  ],
});
