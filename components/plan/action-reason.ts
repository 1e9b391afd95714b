/** Why an action is not possible, as a sentence; null where it is. */
export function actionReason(action: true | string): string | null {
  return action === true ? null : `${action.charAt(0).toUpperCase()}${action.slice(1)}.`;
}
