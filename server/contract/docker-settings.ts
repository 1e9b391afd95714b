import { z } from 'zod';
import { fileOrSecretSchema } from './secret-reference.ts';

/** A tcp address that only processes of the same host reach. */
export const LOOPBACK = /^tcp:\/\/(localhost|127(\.\d+){3}|\[::1\]):/;

/** How a worker reaches a Docker engine, and what it runs there. */
export const dockerSettingsSchema = z
  .strictObject({
    address: z
      .string()
      .regex(
        /^(unix:\/\/\/\S+|tcp:\/\/[^/\s]+:\d{1,5})$/,
        'write unix:///path/of/the/socket or tcp://host:port, for example unix:///var/run/docker.sock',
      )
      .default('unix:///var/run/docker.sock'),
    /** Files on the host of the worker or secrets, read at each connection: renewing a certificate needs no restart. */
    tls: z
      .strictObject(
        { ca: fileOrSecretSchema, cert: fileOrSecretSchema, key: fileOrSecretSchema },
        {
          error: ({ code }) =>
            code === 'invalid_type' ? 'write ca, cert and key, each a path or secret:NAME' : undefined,
        },
      )
      .nullable()
      .default(null),
    /** Without a HEALTHCHECK, a container is in service once it has run for this long. */
    minHealthyMs: z.int().min(0).max(3_600_000).default(10_000),
    /** The network of every container: bridge, host, none, or one that exists on the engine. */
    network: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'write bridge, host, none or the name of a network of the engine')
      .default('bridge'),
  })
  .superRefine(({ address, tls }, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', path: ['tls'], message });
    if (address.startsWith('unix:') && tls !== null) issue('is for a tcp address only');
    if (address.startsWith('tcp:') && tls === null && !LOOPBACK.test(address)) {
      issue('is needed: whoever reaches an engine by plain tcp is root on its host');
    }
  });

export type DockerSettings = z.infer<typeof dockerSettingsSchema>;
