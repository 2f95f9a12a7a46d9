/** For tests that send more than any one client should, on machines that have other work besides. */
export const UNLIMITED = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_ACCOUNT: '0', MAX_EVENT_LOOP_DELAY_MS: '0' };
