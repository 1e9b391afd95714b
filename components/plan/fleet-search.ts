import { createSerializer, parseAsArrayOf, parseAsString } from 'nuqs/server';

/** Which clusters a fleet preview is of: these ids, or those that a filter of the list matches. */
export const fleetSearch = {
  ids: parseAsArrayOf(parseAsString).withDefault([]),
  env: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
};

const serialize = createSerializer(fleetSearch);

export function fleetPreviewHref(search: Parameters<typeof serialize>[1]): string {
  return serialize('/clusters/preview', search);
}

export interface FleetInput {
  readonly clusterIds: string[];
  readonly q: string;
}

/** What the server is asked for; equal addresses give equal questions. */
export function fleetInput({ ids, env, q }: { ids: string[]; env: string; q: string }): FleetInput {
  const filter = [env === '' ? '' : `env:${env}`, q.trim()].filter((part) => part !== '').join(' ');
  return { clusterIds: ids, q: ids.length > 0 ? '' : filter };
}
