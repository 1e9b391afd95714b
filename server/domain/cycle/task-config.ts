import { DomainError } from '../errors.ts';
import type { TaskConfig } from './task.ts';

/** Throws INVALID_TASK_CONFIG for the first thing that is wrong, in the order and with the texts of segmentio/cycle. */
export function checkTaskConfig({ targetSize, minSize, maxSize, drainTimeoutMs }: TaskConfig): void {
  if (targetSize < 0) throw invalid(['targetSize'], `the target size cannot be a negative value (${targetSize})`);
  if (minSize < 0) throw invalid(['minSize'], `the minimum size cannot be a negative value (${minSize})`);
  if (maxSize < 0) throw invalid(['maxSize'], `the maximum size cannot be a negative value (${maxSize})`);
  if (drainTimeoutMs < 0) {
    throw invalid(['drainTimeoutMs'], `the drain timeout cannot be a negative value (${goDuration(drainTimeoutMs)})`);
  }
  if (minSize >= maxSize) {
    throw invalid(
      ['minSize', 'maxSize'],
      `the min cluster size (${minSize}) must be less than the max cluster size (${maxSize})`,
    );
  }
}

function invalid(fields: readonly string[], message: string): DomainError {
  return new DomainError('INVALID_TASK_CONFIG', { fields }, { message });
}

/** A duration as Go prints it: `-500ms`, `1.5s`, `1m30s`, `1h0m0s`. */
export function goDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size === 0) return '0s';
  if (size < 1) return `${sign}${size * 1000}µs`;
  if (size < 1000) return `${sign}${size}ms`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor(size / 60_000) % 60;
  const seconds = `${(size % 60_000) / 1000}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}
