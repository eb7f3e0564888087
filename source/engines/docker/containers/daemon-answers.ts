import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { z } from 'zod';
import { byName, count, flag, listOf, parts, partsOrNull, text, textByName } from '../link/shape.js';

const networks = byName(
  z.looseObject({
    ...{ IPAddress: text, GlobalIPv6Address: text },
    ...{ Aliases: listOf(z.string()).optional(), DNSNames: listOf(z.string()).optional() },
  }),
);
const id = z.string().catch('');
const binding = z.looseObject({ HostIp: text, HostPort: text });

/** One row of GET /containers/json: the parts of it that are read here. */
const LISTED = parts({
  Id: id,
  Names: listOf(z.string()),
  Image: z.string().catch(''),
  State: text,
  Status: text,
  Labels: textByName,
  Ports: listOf(
    z.looseObject({ IP: text, PrivatePort: z.number(), PublicPort: count, Type: z.string().catch('tcp') }),
  ),
  NetworkSettings: parts({ Networks: networks }),
  HostConfig: parts({ NetworkMode: text }),
});

/** The answer of GET /containers/<id>/json, likewise. */
const INSPECTED = parts({
  Id: id,
  Name: text,
  Image: z.string().catch(''),
  RestartCount: count,
  State: parts({
    Status: z.string().catch(''),
    Running: flag,
    OOMKilled: flag,
    Pid: z.number().catch(0),
    ExitCode: z.number().nullable().catch(null),
    Error: text,
    StartedAt: text,
    FinishedAt: text,
    Health: partsOrNull({ Status: text }),
  }),
  NetworkSettings: parts({ Networks: networks, Ports: byName(listOf(binding)) }),
  HostConfig: parts({
    NetworkMode: text,
    Memory: count,
    NanoCpus: count,
    CpuQuota: count,
    CpuPeriod: count,
    PidsLimit: count,
    RestartPolicy: parts({ Name: text, MaximumRetryCount: count }),
    PortBindings: byName(listOf(binding)),
  }),
  Config: parts({ Image: text, Tty: flag, Labels: textByName, ExposedPorts: byName(z.unknown()) }),
});

/** A row of the daemon's list in which every part that is read has its kind. */
export const listedAnswer = (answer: unknown): ContainerInfo => LISTED.parse(answer) as never;

/** A container's details, likewise. */
export const inspectedAnswer = (answer: unknown): ContainerInspectInfo => INSPECTED.parse(answer) as never;
