/** The name and version of an interface that a plugin offers. Source: docker/infrakit `spi.InterfaceSpec`. */
export interface InterfaceSpec {
  readonly name: string;
  readonly version: string;
  readonly sub: string;
}

export function encodeInterface({ name, version, sub }: InterfaceSpec): string {
  return sub === '' ? `${name}/${version}` : `${name}/${version}/${sub}`;
}

export function decodeInterface(text: string): InterfaceSpec {
  const [name = '', version = '', ...sub] = text.split('/');
  return { name, version, sub: sub.join('/') };
}

/** The interface that we serve. */
export const INSTANCE: InterfaceSpec = { name: 'Instance', version: '0.6.1', sub: '' };

/** The generations of plugins that we can drive: what each added is ignored by the older ones. */
export const DRIVEN = {
  name: 'Instance',
  accepts: (version: string) => version === '0.3.0' || version === '0.5.0' || /^0\.6\.\d+$/.test(version),
  words: '0.3.0, 0.5.0 or 0.6',
};

/** Why a plugin that offers these is none for us, in the source's words; null where it is one. */
export function refusalOf(offered: readonly InterfaceSpec[], { name, accepts, words }: typeof DRIVEN): string | null {
  const versions = offered.filter((one) => one.name === name).map(({ version }) => version);
  if (versions.some(accepts)) return null;
  return versions.length === 0
    ? `Plugin does not support interface ${name}/${words}`
    : `Plugin supports ${name} interface version ${versions.join(', ')}, client requires ${words}`;
}

/** A plugin's name is that of its socket, and of its type where the socket serves several. */
export function splitPluginName(name: string): { readonly lookup: string; readonly type: string } {
  const slash = name.indexOf('/');
  return slash < 0 ? { lookup: name, type: '' } : { lookup: name.slice(0, slash), type: name.slice(slash + 1) };
}
