import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import type { ComponentSpec, SessionSpec, SessionTimeouts } from '../domain/session/session.ts';
import { type ReadSpecView, sessionSpecSchema } from './session.ts';

// The parser is heavy for a page: import this file when a person asks for YAML, not before.

type Problem = ReadSpecView['problems'][number];
type Path = readonly PropertyKey[];

/** What a text says, or everything that is wrong with it. JSON is YAML too. */
export function readSpec(text: string): ReadSpecView {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: '',
    line: lineAt(pos[0]),
    message,
  }));
  if (wrong.length > 0) return { spec: null, problems: wrong };
  const value = contentOf(document);
  if (value instanceof Error) return { spec: null, problems: [{ path: '', line: null, message: value.message }] };
  const read = sessionSpecSchema.safeParse(value);
  if (read.success) return { spec: read.data, problems: [] };
  return { spec: null, problems: read.error.issues.flatMap((issue) => problemsOf(issue, document, lineAt)) };
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

/** An alias that grows without end, or that is not there, is found only here. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function problemsOf(issue: z.core.$ZodIssue, document: Document, lineAt: (offset: number) => number): Problem[] {
  const line = (path: Path) => {
    const offset = offsetOf(document, path);
    return offset === null ? null : lineAt(offset);
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path: path.join('.'), line: line(path), message: 'is no field that we know' };
    });
  }
  const isMissing = issue.code === 'invalid_type' && issue.path.length > 0 && !document.hasIn(issue.path);
  return [
    {
      path: issue.path.join('.'),
      line: line(issue.path),
      message: isMissing ? 'is missing' : lowerCase(issue.message),
    },
  ];
}

/** Where the key or the item stands; of what is missing, where it belongs. */
function offsetOf(document: Document, path: Path): number | null {
  const parent = path.length === 0 ? null : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === last)?.key;
    if (isNode(key) && key.range) return key.range[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? null : offsetOf(document, path.slice(0, -1));
}

function lowerCase(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
