const DAY_SECONDS = 86_400;

/**
 * The last moment of the data, 2026-06-30 23:59:59 UTC+8 in unix seconds: fixed, so that a seed always gives the same
 * rows.
 */
export const LAST_MOMENT = Date.UTC(2026, 5, 30, 15, 59, 59) / 1000;

/** The data covers the two years before {@link LAST_MOMENT}. */
export const SPAN_SECONDS = 730 * DAY_SECONDS;
