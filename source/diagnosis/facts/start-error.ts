/** What a daemon's words of a failed start come to, and what to look at. */
interface StartError {
  readonly reason: string;
  readonly mend: string;
  readonly command: string;
}

/** What the parts of the runtime wrap around the reason (containerd, runc, crun; Docker 20 to 29). */
const WRAPPERS =
  /^(?:failed to create (?:shim )?task(?: for container)?|OCI runtime (?:create|start) failed|(?:runc|crun)(?: create| run)? failed|container_linux\.go:\d+|starting container process caused|unable to start container process|error during container init|driver failed programming external connectivity on endpoint \S+ \([0-9a-f]+\)|process_linux\.go:\d+|container init caused): /;

/** Longest part of the reason that stands in a sentence, in characters. */
const LONGEST = 160;

/** The reason at the core of a daemon's words (`State.Error`), and the command that shows what it speaks of. */
export function startError(words: string, name: string): StartError {
  let reason = words.replace(/(?:: unknown)+\.?$/, '');
  for (let next = reason.replace(WRAPPERS, ''); next !== reason; next = reason.replace(WRAPPERS, ''))
    reason = next;
  return { reason: reason.slice(0, LONGEST), ...lookAt(words, name) };
}

function lookAt(words: string, name: string): Omit<StartError, 'reason'> {
  const port =
    /(?:listen \w+ \S*|0\.0\.0\.0|\]|\d):(\d{1,5})\b.*(?:address already in use|already allocated)/.exec(
      words,
    )?.[1];
  if (port !== undefined)
    return {
      mend: `free port ${port}, or publish another`,
      command: `ss -lntup 'sport = :${port}'   # names who has it`,
    };
  if (
    /executable file not found|no such file or directory|permission denied|exec format error/.test(words) &&
    /exec/.test(words)
  )
    return {
      mend: 'give it a command that its image has and may execute',
      command: `docker inspect -f '{{.Path}} {{.Args}} {{.Config.Image}}' ${name}`,
    };
  if (/mount/.test(words))
    return {
      mend: 'put right what it is to mount',
      command: `docker inspect -f '{{json .Mounts}} {{json .HostConfig.Binds}}' ${name}`,
    };
  if (/network/.test(words))
    return {
      mend: 'put right the network it is to join',
      command: `docker inspect -f '{{json .NetworkSettings.Networks}}' ${name}`,
    };
  if (/does not keep why/.test(words))
    return { mend: 'start it once more by hand: who asks is told why', command: `docker start ${name}` };
  return { mend: 'mend what its daemon names', command: `docker inspect -f '{{.State.Error}}' ${name}` };
}
