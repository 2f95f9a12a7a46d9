/** A failure told to whoever runs the program: its message is ours and holds no secret. */
export class OperatorError extends Error {}

/** Why a program ends, in one line; of an error that is not ours only its name, as a message may hold credentials or SQL. */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const { name, syscall, code, driverError } = error as NodeJS.ErrnoException & { driverError?: { code?: string } };
  return [name, syscall, code ?? driverError?.code].filter(Boolean).join(' ');
}
