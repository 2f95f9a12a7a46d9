const DAY_SECONDS = 86_400;

/** The data's last moment, 2026-06-30 23:59:59 UTC+8 in unix seconds: fixed, so that a seed gives the same rows next year. */
export const LAST_MOMENT = Date.UTC(2026, 5, 30, 15, 59, 59) / 1000;

/** The data covers the two years before {@link LAST_MOMENT}. */
export const SPAN_SECONDS = 730 * DAY_SECONDS;
