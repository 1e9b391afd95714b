export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const NAMES: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'error',
  fatal: 'error',
  panic: 'error',
};
const WORDS = Object.keys(NAMES).join('|');

/** A level stands near the beginning of a line, if anywhere. */
const READ = 200;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
/** Kubernetes and Go: `E1102 10:04:05.000001`. */
const GLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
/** `level=warn`, as Go's slog and logrus write. */
const PAIR = new RegExp(`(?:^|\\s)(?:level|lvl|severity)="?(${WORDS})\\b`, 'i');
/** `ERROR`, `[warn]`; in lower case only with brackets around it, for it may be any word of a sentence. */
const WORD = new RegExp(`\\b(${WORDS.toUpperCase()})\\b|\\[(${WORDS}|${WORDS.toUpperCase()})\\]`);
/** `error: no such file`, `TypeError: x is undefined`, `panic: index out of range`. */
const BEGINNING = new RegExp(`^(?:uncaught )?(?:(${WORDS})|[\\w.]*(?:Error|Exception)): `, 'i');

/**
 * How serious a line is, by what it says: the level of a line of JSON, glog's prefix, `level=`, a word in capitals or
 * brackets, an error's name at its beginning. `info` where it says nothing, on stderr as well: many programs write
 * their whole log there, and a page of warnings that are none hides the one that is.
 */
export function levelOf(text: string): LogLevel {
  if (text.startsWith('{')) {
    const level = levelOfJson(text);
    if (level !== null) return level;
  }
  const beginning = text.slice(0, READ).replace(COLOURS, '').trimStart();
  const glog = GLOG.exec(beginning)?.[1];
  if (glog !== undefined) return glog === 'I' ? 'info' : glog === 'W' ? 'warn' : 'error';
  const pair = PAIR.exec(beginning)?.[1];
  if (pair !== undefined) return named(pair);
  const start = BEGINNING.exec(beginning);
  if (start !== null) return named(start[1] ?? 'error');
  const word = WORD.exec(beginning);
  return word === null ? 'info' : named(word[1] ?? word[2] ?? 'info');
}

function named(word: string): LogLevel {
  return NAMES[word.toLowerCase()] ?? 'info';
}

/** Null where the line is no object with a level that we know. Numbers are pino's: 30 = info, 50 = error. */
function levelOfJson(text: string): LogLevel | null {
  const line = parsed(text);
  if (line === null) return null;
  const level = line.level ?? line.severity ?? line.lvl;
  if (typeof level === 'string') return NAMES[level.toLowerCase()] ?? null;
  if (typeof level !== 'number') return null;
  return level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug';
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
