/** Settings for tests that send more than a client should, on busy machines. */
export const UNLIMITED = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_ACCOUNT: '0', MAX_EVENT_LOOP_DELAY_MS: '0' };
