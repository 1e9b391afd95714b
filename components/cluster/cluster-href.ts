/** The address of a cluster, or of something beneath it. */
export function clusterHref(environment: string, cluster: string, ...beneath: readonly string[]): string {
  return ['/clusters', ...[environment, cluster, ...beneath].map(encodeURIComponent)].join('/');
}
