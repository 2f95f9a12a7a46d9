import { userInfo } from 'node:os';
import type { EntryActor } from './note';

/** The actor of a command: the operating system's user, who is signed in nowhere. */
export function operator(): EntryActor {
  return { userId: null, username: `command:${osUser()}` };
}

/** In a container the user may have a number without a name. */
function osUser(): string {
  try {
    return userInfo().username.slice(0, 64); // the column takes 80 characters
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
