import { loadavg } from 'node:os';

/** Figures with their limits, told as they come; at the end the process fails if one was broken or none was measured. */
export class Gates {
  #count = 0;
  #broken = 0;

  /** `figure` must be at most `limit`. */
  atMost(name: string, figure: number, limit: number, unit: string): void {
    this.#tell(name, `${inShort(figure)} ${unit}`, `≤ ${inShort(limit)} ${unit}`, figure <= limit);
  }

  exactly(name: string, figure: number, wanted: number): void {
    this.#tell(name, String(figure), `= ${wanted}`, figure === wanted);
  }

  /** To be known, and no gate. */
  told(name: string, figure: string): void {
    console.log(`  ${name.padEnd(52)}${figure.padStart(14)}`);
  }

  end(): void {
    const [load = 0] = loadavg();
    console.log(`${this.#count} gates, ${this.#broken} broken; load of the machine ${load.toFixed(1)}`);
    process.exitCode = this.#count > 0 && this.#broken === 0 ? 0 : 1;
  }

  #tell(name: string, figure: string, limit: string, isKept: boolean): void {
    this.#count += 1;
    if (!isKept) this.#broken += 1;
    console.log(`  ${name.padEnd(52)}${figure.padStart(14)}  ${limit.padEnd(14)} ${isKept ? 'ok' : 'FAILED'}`);
  }
}

/** Not a number where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function inShort(figure: number): string {
  return Number.isInteger(figure) ? String(figure) : figure.toFixed(Math.abs(figure) < 10 ? 2 : 0);
}
