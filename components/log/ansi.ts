/** The eight colours that every terminal has. */
export const ANSI_COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
export type AnsiColour = (typeof ANSI_COLOURS)[number];

export interface AnsiSpan {
  readonly text: string;
  readonly colour: AnsiColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

type Style = Omit<AnsiSpan, 'text'>;

const PLAIN: Style = { colour: null, bold: false, dim: false, underline: false };
const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** What a terminal does instead of showing it: sequences for styles and the cursor, for the window's title, and others. */
const SEQUENCE = new RegExp(
  [
    `${ESCAPE}\\[([0-9;:?]*)[ -/]*([@-~])`,
    `${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]*[^[\\] -/]`,
  ].join('|'),
  'g',
);
const CONTROLS = /(?!\t)\p{Cc}/gu;

/** A line of a log as text with styles. Sequences that are no style are left out, and so are control characters. */
export function parseAnsi(line: string): readonly AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let from = 0;
  const add = (until: number) => {
    const text = line.slice(from, until).replace(CONTROLS, '');
    if (text !== '') spans.push({ text, ...style });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = styled(style, match[1] ?? '');
  }
  add(line.length);
  return spans;
}

/** Colours beyond the eight are shown in the colour of the text: it is readable on any ground. */
function styled(before: Style, parameters: string): Style {
  let style = before;
  const codes = parameters.split(';').map((code) => Number.parseInt(code || '0', 10));
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    // 38 and 48 take their colour from the two or four numbers that follow.
    if (code === 38 || code === 48) index += codes[index + 1] === 2 ? 4 : 2;
    if (code === 38) style = { ...style, colour: null };
    else style = oneCode(style, code);
  }
  return style;
}

function oneCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, colour: null };
  // 30 to 37, and 90 to 97 for the bright ones.
  const colour = ANSI_COLOURS[code >= 90 ? code - 90 : code - 30];
  return colour === undefined ? style : { ...style, colour };
}
