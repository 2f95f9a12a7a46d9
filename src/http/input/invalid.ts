/** A raw value is not what the parameter needs; the message says why, without the parameter's name. */
export class Invalid extends Error {}
