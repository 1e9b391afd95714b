/** What a person chose for this browser. Kept in cookies, so that the server renders the right thing at once. */
export type Theme = 'light' | 'dark';

export const THEME_COOKIE = 'roundhouse-theme';
export const ZONE_COOKIE = 'roundhouse-zone';
/** `off`: keys without a modifier do nothing. */
export const KEYS_COOKIE = 'roundhouse-keys';
/** `narrow`: the rail shows marks instead of words. */
export const RAIL_COOKIE = 'roundhouse-rail';
/** The environment that was chosen last, which the rail's links go to. */
export const ENVIRONMENT_COOKIE = 'roundhouse-environment';

/** The chosen theme, or undefined where it follows the system. */
export function parseTheme(cookie: string | undefined): Theme | undefined {
  return cookie === 'light' || cookie === 'dark' ? cookie : undefined;
}

/** The chosen time zone; UTC unless the cookie names one that this runtime knows. */
export function parseZone(cookie: string | undefined): string {
  const zone = parseText(cookie);
  if (zone === null) return 'UTC';
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

/** What `rememberPreference` kept; null where nothing was, or nothing that can be read. */
export function parseText(cookie: string | undefined): string | null {
  if (cookie === undefined || cookie === '') return null;
  try {
    return decodeURIComponent(cookie);
  } catch {
    return null;
  }
}

/** Keeps a choice for a year; undefined forgets it. */
export function rememberPreference(name: string, value: string | undefined): void {
  const age = value === undefined ? 0 : 31_536_000;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where the page is not a secure context
  document.cookie = `${name}=${encodeURIComponent(value ?? '')}; path=/; max-age=${age}; samesite=lax`;
}
