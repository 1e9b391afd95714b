/** Wide enough for the widest system fonts at 11 px. */
export const CHARACTER = 6.9;

/** As much of a name as there is room for; its end tells the members of a group apart. */
export function cut(name: string, room: number): string {
  const length = Math.floor(room / CHARACTER);
  return name.length <= length ? name : `…${name.slice(1 - length)}`;
}
