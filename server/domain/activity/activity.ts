import type { Json } from '../instance/plugin.ts';

/** Who does something: a person, or the worker, which has no id. */
export interface Actor {
  readonly id: string | null;
  readonly name: string;
}

/** Who does what no person did. */
export const PRODUCT: Actor = { id: null, name: 'Roundhouse' };

/** One line of the activity: who did what to which object, and what it was before and after. */
export interface ActivityEntry {
  readonly actor: Actor;
  /** In the past tense, as it is shown: `approved`, `changed the role of`. */
  readonly verb: string;
  readonly object: { readonly kind: string; readonly id: string; readonly name: string };
  readonly before?: Json;
  readonly after?: Json;
  readonly requestId: string | null;
}
