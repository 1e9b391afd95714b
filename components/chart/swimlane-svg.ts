import type { ChartPattern } from './chart-patterns.tsx';
import { drawSwimlanes } from './swimlane-draw.ts';
import { DOT, type Paint, patternTiles, type SwimlaneColours, type SwimlaneLooks } from './swimlane-looks.ts';
import type { Pen } from './swimlane-sheet.ts';
import type { SwimlaneView } from './swimlane-view.ts';

/** The same picture as a file. */
export function swimlanesSvg(view: SwimlaneView, colours: SwimlaneColours): string {
  return pictureSvg(view, colours, (pen, looks) => drawSwimlanes(pen, view, looks));
}

/** What a canvas would show of a drawing, as a file. */
export function pictureSvg(
  { width, height }: { readonly width: number; readonly height: number },
  colours: SwimlaneColours,
  draw: (pen: Pen, looks: SwimlaneLooks) => void,
): string {
  const pen = new SvgPen();
  draw(pen, {
    colours,
    patterns: {
      old: 'url(#old)',
      sick: 'url(#sick)',
      starting: 'url(#starting)',
      leaving: 'url(#leaving)',
      terminating: 'url(#terminating)',
      forecast: 'url(#forecast)',
    },
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="none">`,
    `<defs>${(['old', 'sick', 'starting', 'leaving', 'terminating', 'forecast'] as const).map((name) => patternElement(name, colours)).join('')}</defs>`,
    `<rect width="100%" height="100%" fill="${escaped(colours.panel)}"/>`,
    pen.elements(),
    '</svg>',
  ].join('\n');
}

function patternElement(name: ChartPattern, colours: SwimlaneColours): string {
  const { size, degrees, colour, lineWidth, lines } = patternTiles[name];
  const paint = escaped(colours[colour]);
  const path = lines.map(([x1, y1, x2, y2]) => `M${x1} ${y1}L${x2} ${y2}`).join('');
  const inside =
    lineWidth === 0
      ? `<circle cx="${DOT.x}" cy="${DOT.y}" r="${DOT.radius}" fill="${paint}"/>`
      : `<path d="${path}" stroke="${paint}" stroke-width="${lineWidth}"/>`;
  return `<pattern id="${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${degrees})">${inside}</pattern>`;
}

/** Writes down what a canvas would draw. Arcs are whole circles, paints are colours or addresses of patterns. */
class SvgPen implements Pen {
  fillStyle: Paint | CanvasGradient = '#000000';
  strokeStyle: Paint | CanvasGradient = '#000000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '';
  textAlign: CanvasTextAlign = 'left';
  #dash: readonly number[] = [];
  #path = '';
  #clips = 0;
  readonly #elements: string[] = [];
  /** For each state that is kept: how many groups were opened since. */
  readonly #open: number[] = [];

  elements(): string {
    return this.#elements.join('\n');
  }

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash;
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#path += `C${[x1, y1, x2, y2, x, y].map(short).join(' ')}`;
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
  }

  arc(x: number, y: number, radius: number): void {
    const r = short(radius);
    this.#path += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * radius)} 0a${r} ${r} 0 1 0 ${short(-2 * radius)} 0z`;
  }

  closePath(): void {
    this.#path += 'z';
  }

  fill(): void {
    this.#add('path', `d="${this.#path}" ${this.#paint('fill', this.fillStyle)}`);
  }

  stroke(): void {
    this.#add('path', `d="${this.#path}" ${this.#strokes()}`);
  }

  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#paint('fill', this.fillStyle));
  }

  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#strokes());
  }

  clip(): void {
    this.#clips += 1;
    const id = `clip${this.#clips}`;
    this.#elements.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`);
    const last = this.#open.length - 1;
    this.#open[last] = (this.#open[last] ?? 0) + 1;
  }

  /** Of the state only what is cut off is kept: the drawing sets all else before it uses it. */
  save(): void {
    this.#open.push(0);
  }

  restore(): void {
    this.#elements.push('</g>'.repeat(this.#open.pop() ?? 0));
  }

  #add(name: 'path', attributes: string): void {
    if (this.#path !== '') this.#elements.push(`<${name} ${attributes}/>`);
  }

  #text(text: string, x: number, y: number, paint: string): void {
    const [, weight = '400', size = '11', family = ''] = /^(\d+) (\d+)px (.*)$/.exec(this.font) ?? [];
    const anchor = this.textAlign === 'center' ? 'middle' : this.textAlign === 'right' ? 'end' : 'start';
    this.#elements.push(
      `<text x="${short(x)}" y="${short(y)}" font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" ${paint}>${escaped(text)}</text>`,
    );
  }

  #strokes(): string {
    const dash = this.#dash.length === 0 ? '' : ` stroke-dasharray="${this.#dash.join(' ')}"`;
    return `${this.#paint('stroke', this.strokeStyle)} stroke-width="${this.lineWidth}"${dash}`;
  }

  #paint(name: 'fill' | 'stroke', paint: Paint | CanvasGradient): string {
    const alpha = this.globalAlpha === 1 ? '' : ` ${name}-opacity="${this.globalAlpha}"`;
    return `${name}="${typeof paint === 'string' ? escaped(paint) : 'none'}"${alpha}`;
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
