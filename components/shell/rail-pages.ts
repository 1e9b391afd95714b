import type { ShortcutAction } from '@/components/shell/shortcuts';

export interface RailPage {
  readonly href: string;
  readonly label: string;
  /** Pages beneath other addresses that belong to this one. */
  readonly also?: string;
  readonly action?: ShortcutAction;
  /** The list can be narrowed to an environment. */
  readonly byEnvironment?: boolean;
}

/** What one works with all day. */
export const mainPages = [
  { href: '/', label: 'Overview', action: 'go-overview' },
  { href: '/clusters', label: 'Clusters', action: 'go-clusters', byEnvironment: true },
  { href: '/cycles', label: 'Cycles', also: '/plans', action: 'go-cycles', byEnvironment: true },
  { href: '/pools', label: 'Pools', also: '/reservations', action: 'go-pools' },
  { href: '/sessions', label: 'Sessions', action: 'go-sessions' },
] as const satisfies readonly RailPage[];

export const otherPages = [
  { href: '/activity', label: 'Activity', action: 'go-activity' },
  { href: '/environments', label: 'Environments' },
  { href: '/people', label: 'People' },
  { href: '/settings/config', label: 'Configuration' },
] as const satisfies readonly RailPage[];

/** The page's address, narrowed to the environment where its list can be. */
export function pageHref({ href, byEnvironment = false }: RailPage, environment: string | null): string {
  return byEnvironment && environment !== null ? `${href}?env=${encodeURIComponent(environment)}` : href;
}

/** Whether the address is that of the page, or of something beneath it. */
export function isCurrent(path: string, { href, also }: RailPage): boolean {
  return isWithin(path, href) || (also !== undefined && isWithin(path, also));
}

function isWithin(path: string, href: string): boolean {
  return path === href || (href !== '/' && path.startsWith(`${href}/`));
}
