/** As many of the newest as a menu holds. */
export const PLANS_IN_MENU = 12;

/** What the menu of a plan asks for, the same in the page that reads it ahead: itself and what is shown are left out. */
export function plansToCompare(clusterId: string) {
  return { clusterId, limit: PLANS_IN_MENU + 2 };
}
