import type { EnvironmentView } from '../../server/contract/cluster.ts';

/** What the form holds; a field that is empty is null. */
export interface EnvironmentDraft {
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number | null;
  readonly maxActiveCycles: number | null;
}

export interface EnvironmentChanges {
  readonly selfApproval?: boolean;
  readonly approvalsNeeded?: number;
  readonly maxActiveCycles?: number | null;
}

type Rules = Pick<EnvironmentView, 'selfApproval' | 'approvalsNeeded' | 'maxActiveCycles'>;

export function draftOf({ selfApproval, approvalsNeeded, maxActiveCycles }: Rules): EnvironmentDraft {
  return { selfApproval, approvalsNeeded, maxActiveCycles };
}

/** What differs from what is in force, or what is wrong with the fields; null where anything is. */
export function readDraft(
  draft: EnvironmentDraft,
  rules: Rules,
): {
  readonly changes: EnvironmentChanges | null;
  readonly errors: Readonly<Partial<Record<keyof EnvironmentDraft, string>>>;
} {
  const { selfApproval, approvalsNeeded, maxActiveCycles } = draft;
  const errors = {
    ...(approvalsNeeded === null || !isWithin(approvalsNeeded, 10) ? { approvalsNeeded: 'from 1 to 10' } : {}),
    ...(maxActiveCycles !== null && !isWithin(maxActiveCycles, 1_000)
      ? { maxActiveCycles: 'from 1 to 1000, or empty for any number' }
      : {}),
  };
  if (approvalsNeeded === null || Object.keys(errors).length > 0) return { changes: null, errors };
  const changes = {
    ...(selfApproval === rules.selfApproval ? {} : { selfApproval }),
    ...(approvalsNeeded === rules.approvalsNeeded ? {} : { approvalsNeeded }),
    ...(maxActiveCycles === rules.maxActiveCycles ? {} : { maxActiveCycles }),
  };
  return { changes, errors };
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
