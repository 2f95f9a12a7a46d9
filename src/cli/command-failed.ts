/** The command cannot do what was asked; the message says why. */
export class CommandFailed extends Error {}
