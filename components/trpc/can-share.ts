/** Tabs share their stream only where the browser has locks: on a secure page, 127.0.0.1 included. */
export function canShare(): boolean {
  return window.isSecureContext && 'locks' in navigator && 'BroadcastChannel' in window;
}
