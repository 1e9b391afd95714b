import { z } from 'zod';
import type { Json } from '../domain/instance/plugin.ts';

/** What an image is written as. With a name alone the engine would take the tag `latest`, which nobody has said. */
interface ImageReference {
  /** Null: the image is known by its id alone. */
  readonly name: string | null;
  /** It can be moved to another image, so it is followed: a worker writes the digest behind it that it names now. */
  readonly tag: string | null;
  /** Of the registry or, where none has the image, its id; it is never another image. Null: not looked up yet. */
  readonly digest: string | null;
}

const LABEL = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*';
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const NAME = `(?:${LABEL}(?:\\.${LABEL})*(?::[0-9]+)?/)?${PART}(?:/${PART})*`;
const DIGEST = 'sha256:[0-9a-f]{64}';
const ID = new RegExp(`^${DIGEST}$`);
/** An id that is cut off is no tag of an image named sha256. */
const REFERENCE = new RegExp(`^(?!sha256:)(?<name>${NAME})(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>${DIGEST}))?$`);

/** Null for what no engine takes. Source: distribution/reference, of which it knows digests of SHA-256 only. */
export function imageReference(image: string): ImageReference | null {
  if (ID.test(image)) return { name: null, tag: null, digest: image };
  const { name, tag = null, digest = null } = REFERENCE.exec(image)?.groups ?? {};
  return name === undefined ? null : { name, tag, digest };
}

function saysWhich(image: string): boolean {
  const { tag, digest } = imageReference(image) ?? { tag: null, digest: null };
  return tag !== null || digest !== null;
}

/**
 * What the containers of a `docker` cluster run. Another value of any field is another configuration, so containers that
 * were started before the change are outdated.
 */
export const dockerSpecSchema = z.strictObject({
  /**
   * `name:tag`, which is followed, with or without the digest that a worker writes behind it; or what stays the same
   * image: `name@sha256:…` of a registry, or the id `sha256:…` of an image that only the engine has.
   */
  image: z
    .string()
    .refine(
      saysWhich,
      'write name:tag, in lower case, to follow a tag: when it is moved, the containers are outdated; or name@sha256:… to stay with one image: docker image inspect --format "{{.RepoDigests}} {{.Id}}" NAME prints it',
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

const withImage = z.looseObject({ image: z.string() });

/** The tag that a spec follows, as `name:tag`, and the digest that was found for it. Null where it follows none. */
export function followedTag(spec: Json): { readonly image: string; readonly digest: string | null } | null {
  const { name, tag, digest } = imageReference(withImage.safeParse(spec).data?.image ?? '') ?? { tag: null };
  return tag === null ? null : { image: `${name}:${tag}`, digest };
}

/** Whether it is known which image the spec stands for: only then may it be run. */
export function isPinned(spec: Json): boolean {
  return followedTag(spec)?.digest !== null;
}

/** The same spec with another digest behind the tag that it follows, and nothing else changed; without a tag, as it is. */
export function withDigest(spec: Json, digest: string): Json {
  const followed = followedTag(spec);
  if (followed === null || typeof spec !== 'object') return spec;
  return { ...spec, image: `${followed.image}@${digest}` };
}

/** With the digest that `stored` has where both follow the same tag: which it is, a worker decides, and no file. */
export function keepDigest(spec: Json, stored: Json): Json {
  const digest = followedTag(stored)?.digest ?? null;
  return digest !== null && followedTag(spec)?.image === followedTag(stored)?.image ? withDigest(spec, digest) : spec;
}
