import { CommandFailed } from './cli/command-failed';
import { SettingsError } from './config/env';
import { NotEmpty } from './database/demo';
import { DatabaseNotReady } from './database/open';

/** Errors whose message is ours, and made to be read by who runs the program. */
const SPEAKING = [SettingsError, DatabaseNotReady, NotEmpty, CommandFailed];

/** Why a program ends, in one line; of an error that is not ours only its name, as a message may hold credentials or SQL. */
export function reasonOf(error: unknown): string {
  if (SPEAKING.some((type) => error instanceof type)) return (error as Error).message;
  const { name, syscall, code, driverError } = error as NodeJS.ErrnoException & { driverError?: { code?: string } };
  return [name, syscall, code ?? driverError?.code].filter(Boolean).join(' ');
}
