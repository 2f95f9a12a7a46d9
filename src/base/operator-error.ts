/** A failure that the operator can mend: its message is ours and holds no secret. */
export class OperatorError extends Error {}

/**
 * Why a program ends, in one line. An error that is not an OperatorError shows only its name and code: its message may
 * hold credentials or SQL.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const { name, syscall, code, driverError } = error as NodeJS.ErrnoException & { driverError?: { code?: string } };
  return [name, syscall, code ?? driverError?.code].filter(Boolean).join(' ');
}
