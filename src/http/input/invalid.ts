/** Why a raw value cannot be what the parameter needs. */
export class Invalid extends Error {}
