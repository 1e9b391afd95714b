/** null when signed in; else a sentence with the next step. */
export async function signIn(email: string, password: string): Promise<string | null> {
  const response = await post('/api/auth/sign-in/email', { email, password }).catch(() => null);
  if (response === null) return 'The console could not be reached. Check your connection and try again.';
  if (response.ok) return null;
  switch (response.status) {
    case 400:
    case 401:
      return 'The address or the password is wrong. Check both and try again.';
    case 403:
      return 'This account is disabled. Ask an administrator to enable it.';
    case 429:
      return 'Too many attempts. Wait a while, 15 minutes at most, and try again.';
    default:
      return 'Something failed on the server. Try again.';
  }
}

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {});
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
