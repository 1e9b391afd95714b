/** What a person chose for this browser. Kept in cookies, so that the server renders the right thing at once. */
export type Theme = 'light' | 'dark';

export const THEME_COOKIE = 'roundhouse-theme';
export const ZONE_COOKIE = 'roundhouse-zone';

/** The chosen theme, or undefined where it follows the system. */
export function parseTheme(cookie: string | undefined): Theme | undefined {
  return cookie === 'light' || cookie === 'dark' ? cookie : undefined;
}

/** The chosen time zone; UTC unless the cookie names one that this runtime knows. */
export function parseZone(cookie: string | undefined): string {
  if (cookie === undefined) return 'UTC';
  try {
    const zone = decodeURIComponent(cookie);
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

/** Keeps a choice for a year; undefined forgets it. */
export function rememberPreference(name: string, value: string | undefined): void {
  const age = value === undefined ? 0 : 31_536_000;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where the page is not a secure context
  document.cookie = `${name}=${encodeURIComponent(value ?? '')}; path=/; max-age=${age}; samesite=lax`;
}
