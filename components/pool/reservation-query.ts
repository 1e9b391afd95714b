import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const reservationStates = ['open', 'ended'] as const;

/** What the address of the reservations says. */
export const reservationSearch = {
  state: parseAsStringLiteral(reservationStates).withDefault('open'),
  /** `me`: the viewer's own. */
  holder: parseAsStringLiteral(['me'] as const),
  q: parseAsString.withDefault(''),
};
export type ReservationSearch = inferParserType<typeof reservationSearch>;

const RESERVATIONS_A_PAGE = 30;

export const reservationPages = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor,
};

/** What the server is asked for, the same in the page that reads it ahead. */
export function reservationListInput({ state, holder, q }: ReservationSearch) {
  return { state, q, limit: RESERVATIONS_A_PAGE, ...(holder !== null && { holder }) };
}
