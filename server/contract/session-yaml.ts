import { stringify } from 'yaml';
import type { ComponentSpec, SessionSpec, SessionTimeouts } from '../domain/session/session.ts';
import { readYaml } from './read-yaml.ts';
import { type ReadSpecView, sessionSpecSchema } from './session.ts';

// The parser is heavy for a page: import this file when a person asks for YAML, not before.

/** What a text says, or everything that is wrong with it. JSON is YAML too. */
export function readSpec(text: string): ReadSpecView {
  const { value, problems } = readYaml(text, sessionSpecSchema);
  return value === null ? { spec: null, problems } : { spec: value, problems: [] };
}

/** The same spec as a text, with everything left out that says what is so anyway. */
export function writeSpec(spec: SessionSpec): string {
  const { name, labels, priority, timeouts, components, scenario } = spec;
  const said = {
    name,
    ...(isEmpty(labels) ? {} : { labels }),
    ...(priority === 0 ? {} : { priority }),
    ...saidTimeouts(timeouts),
    components: components.map(saidComponent),
    ...(isEmpty(scenario) && !Array.isArray(scenario) ? {} : { scenario }),
  };
  return stringify(said, { lineWidth: 0, aliasDuplicateObjects: false });
}

function saidTimeouts(timeouts: SessionTimeouts) {
  const said = Object.fromEntries(Object.entries(timeouts).filter(([, ms]) => ms !== 0));
  return isEmpty(said) ? {} : { timeouts: said };
}

function saidComponent({ name, kind, pool, image, command, env, ports, probe, secrets, configs }: ComponentSpec) {
  return {
    name,
    kind,
    pool,
    ...(image === null ? {} : { image }),
    ...(isEmpty(command) ? {} : { command }),
    ...(isEmpty(env) ? {} : { env }),
    ...(isEmpty(ports) ? {} : { ports: ports.map((port) => (port.port === 0 ? { name: port.name } : port)) }),
    ...(probe === null ? {} : { probe: probe.path === null ? { port: probe.port } : probe }),
    ...(isEmpty(secrets) ? {} : { secrets }),
    ...(isEmpty(configs) ? {} : { configs }),
  };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
