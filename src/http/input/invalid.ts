/** A raw value does not fit its parameter; the message, for the client, says why without the parameter's name. */
export class Invalid extends Error {}
