import { parseTheme, rememberPreference, THEME_COOKIE, type Theme } from '@/components/ui/preferences';

export type ThemeOption = Theme | 'system';

/** How this page is drawn, by choice. Only in the browser. */
export function chosenTheme(): ThemeOption {
  return parseTheme(document.documentElement.dataset.theme) ?? 'system';
}

/** Draws this page by the choice, and keeps it for those that come. */
export function chooseTheme(chosen: ThemeOption): void {
  const theme = chosen === 'system' ? undefined : chosen;
  rememberPreference(THEME_COOKIE, theme);
  if (theme === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
