/** From here on this process imports TypeScript. Not before packages are installed. */
export async function understandTypeScript() {
  const { register } = await import('tsx/esm/api');
  register();
}
