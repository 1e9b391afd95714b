import { z } from 'zod';

/** A tag can be moved to another image; a digest cannot. */
const PINNED_IMAGE = /^([a-zA-Z0-9](?:[/:_-]?[a-zA-Z0-9_-]|\.[a-zA-Z0-9_-])*@)?sha256:[0-9a-f]{64}$/;

/**
 * What the containers of a `docker` cluster run. Another value of any field is another configuration, so containers that
 * were started before the change are outdated.
 */
export const dockerSpecSchema = z.strictObject({
  /** `name@sha256:…` of a registry, or the id `sha256:…` of an image that only the engine has. */
  image: z
    .string()
    .regex(
      PINNED_IMAGE,
      'write the image with its digest, name@sha256:…, so that a tag that is moved is another configuration: docker image inspect --format "{{.RepoDigests}} {{.Id}}" NAME prints it',
    ),
  /** Instead of the image's own command. */
  command: z.array(z.string().min(1)).max(50).default([]),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A name has letters, digits and _ only.'), z.string())
    .default({}),
  /** Whether a small init is process 1, so that SIGTERM ends a program that has no handler for it. */
  init: z.boolean().default(true),
});

export type DockerSpec = z.infer<typeof dockerSpecSchema>;
